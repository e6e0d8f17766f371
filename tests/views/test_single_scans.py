"""What the window shows of single scans: names, doubts, heatmaps, and what their list lacks."""

import shutil

from PySide6.QtCore import Qt

from btgui.engine.studies.series import PassedOver
from tests.dicom_files import dicom_test_file
from tests.views.conftest import PATIENCE, drop, read
from tools.make_series import make_series

MARK = "\N{WARNING SIGN}"


def listed(window) -> str:
    return window.browser.list.scans.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_single_scan_of_another_kind_is_told_beside_its_verdict(window, qtbot, tmp_path, folder):
    """A CT slice of a spine gets one of four classes, none of which is right."""
    place = tmp_path / "one"
    place.mkdir()
    shutil.copy(dicom_test_file("CT_small.dcm"), place / "CT.dcm")
    read(qtbot, window, place)
    assert window.prediction._heading.text() == "CT.dcm"
    assert "not trained on CT scans" in window.prediction.warning.text()
    assert MARK in listed(window)
    window.browser.list.scans.clear_verdicts()
    window.earlier.set_model(window.pack.card)  # from the record, as at the next start
    qtbot.waitUntil(lambda: MARK in listed(window), timeout=PATIENCE)
    read(qtbot, window, folder)
    assert MARK not in listed(window)
    assert window.prediction.warning.text() == ""


def test_beside_an_open_scan_nobody_is_asked_to_open_one(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    window.use_model(window.pack)
    window.open_scan(scan_file)
    assert window.gradcam.large.text() == "Heatmaps follow the verdict."
    qtbot.waitUntil(lambda: window.gradcam.analysis is not None, timeout=PATIENCE)


def test_only_what_is_open_is_marked_among_series_and_scans(window, qtbot, scan_file, tmp_path):
    place = tmp_path / "both"
    make_series(place, slices=3, size=32)
    scan = shutil.copy(scan_file, place / "scan.png")
    marked = window.browser.series.selectedItems
    with qtbot.waitSignal(window.series.opened, timeout=PATIENCE):
        window.open_paths([place])
    series = window.series.series
    assert len(marked()) == 1
    window.open_scan(scan)
    assert not marked()
    window.series.open(series)
    assert len(marked()) == 1
    window.series.leave()


def test_a_warning_about_a_folder_goes_when_another_one_is_listed(window, qtbot, folder):
    shut = PassedOver(folder, "The folder shut cannot be listed.", is_folder=True)
    window.browser.passed_over.show_files([shut])
    bar = window.messages.bar
    assert bar.text.text() == f"{shut.reason} Scans in there are missing from the list."
    with qtbot.waitSignal(window.browser.files_listed):
        assert drop(window, [folder])
    assert not bar.isVisible()

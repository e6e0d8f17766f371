"""What the window shows of single scans: names, doubts, heatmaps, and what their list lacks."""

import shutil
import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from btgui.engine.scan_source import read_scan
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


def test_the_picture_of_an_earlier_scan_does_not_replace_the_failure_of_the_newest_file(
    window, qtbot, scan_file, tmp_path, monkeypatch
):
    begun, may_end = threading.Event(), threading.Event()

    def read_late(asked, _is_wanted):
        begun.set()
        may_end.wait(PATIENCE / 1000)
        return read_scan(asked), 0.0

    monkeypatch.setattr("btgui.workers.analysis_worker.read_or_why", read_late)
    assert drop(window, [scan_file])
    qtbot.waitUntil(begun.is_set)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    with qtbot.waitSignal(window.browser.files_listed):
        assert drop(window, [broken])
    answered = QSignalSpy(window.service._worker.scan_answered)
    may_end.set()
    qtbot.waitUntil(lambda: answered.count() > 0)
    QApplication.processEvents()
    assert window.page.name.text() == broken.name
    assert window.prediction._verdict.text() == "Not read"
    assert window.scan_view.scan is None

"""A synthetic series in the whole window: dropped, read and exported."""

import os
import socket
import zipfile

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsView, QStyle, QStyleOptionComboBox

from btgui.engine.reading_words import window_words
from btgui.engine.studies.series_verdict import SliceReading
from tests.conftest import read_table, write_head
from tests.nifti_files import write_nifti
from tests.views.conftest import PATIENCE, drop, press, read
from tests.views.dropped_series import scroll_to, write_series


def key(qtbot, window, pressed):
    qtbot.keyClick(window.scan_view.findChild(QGraphicsView), pressed)


def test_two_hundred_slices_are_dropped_scrolled_read_and_exported_offline(
    window, qtbot, tmp_path, answer_dialog, monkeypatch
):
    def refuse(*_):
        raise AssertionError("a network connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_series(tmp_path / "study", 200)])
    assert window.series.bar.place.text() == "Slice 101 of 200, H 150.0 mm"
    assert [reading.index for reading in window.series.whole.readings] == list(range(200))
    assert window.series.whole.card.verdict.text() not in {"", "…", "Not read"}
    key(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.series.bar.place.text().startswith("Slice 200"))
    table = tmp_path / "series.csv"
    answer_dialog("getSaveFileName", (str(table), ""))
    qtbot.mouseClick(window.series.whole.card.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(table.exists)
    rows = read_table(table)
    assert len(rows) == 200
    assert (rows[2]["slice"], rows[2]["position (mm)"]) == ("3", "3.00")
    assert "SECRET" not in table.read_text(encoding="utf-8-sig")
    window.series.leave()


def test_a_stopped_reading_is_taken_up_by_its_button_and_by_a_click_on_the_series(
    window, qtbot, tmp_path
):
    assert drop(window, [write_series(tmp_path / "study", 200)])
    card, tree = window.series.whole.card, window.browser.series
    for ask in (
        lambda: qtbot.mouseClick(card.again, Qt.MouseButton.LeftButton),
        lambda: window.series.open(tree.topLevelItem(0).child(0).child(0).data(0, 0x100)),
    ):
        qtbot.waitUntil(lambda: card.is_running() and len(window.series.whole.readings) > 0)
        press(qtbot, window, "cancel")
        qtbot.waitUntil(lambda: card.verdict.text() == "Stopped")
        ask()
    assert not card.again.isVisible()
    qtbot.waitUntil(lambda: len(window.series.whole.readings) == 200, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not card.is_running())
    window.series.leave()


def test_a_series_that_was_read_is_not_read_again(opened_series, qtbot, tmp_path):
    series, verdict = opened_series.series.series, opened_series.series.whole.card.verdict.text()
    item = opened_series.browser.series.topLevelItem(0).child(0).child(0)
    assert item.text(0).splitlines()[-1] == verdict
    read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    opened_series.series.open(series)
    assert opened_series.series.whole.card.verdict.text() == verdict
    assert len(opened_series.series.whole.readings) == 12
    assert opened_series.series.whole.card.sentence.text()
    opened_series.series.leave()


@pytest.mark.parametrize("returns", ["to the application", "to the series"])
def test_no_verdict_stays_on_files_that_have_changed(opened_series, qtbot, tmp_path, qapp, returns):
    desk, before = opened_series.series, opened_series.scan_view.scan
    series = desk.series
    if returns == "to the series":
        read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    for one in series.slices:
        replaced = dcmread(one.address.path)
        replaced.PixelData = (replaced.pixel_array // 2).tobytes()
        replaced.save_as(one.address.path)
        os.utime(one.address.path, ns=(0, one.modified_ns + 2_000_000_000))
    if returns == "to the series":
        desk.open(series)
    else:
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: desk.whole.card.verdict.text() == "Not read")
    assert "have changed on the disk" in desk.whole.card.sentence.text()
    assert not desk.whole.readings
    assert not desk.whole.card.save.isVisible()
    if returns == "to the application":  # where the series is still listed
        item = opened_series.browser.series.topLevelItem(0).child(0).child(0)
        assert item.text(0).splitlines()[-1] == "Files changed"
    qtbot.waitUntil(lambda: opened_series.scan_view.scan.sha256 != before.sha256)
    with qtbot.waitSignal(opened_series.service.series_finished, timeout=PATIENCE):
        assert drop(opened_series, [tmp_path / "study"])
    assert desk.whole.verdict is not None


def test_on_a_slice_that_is_read_slowly_nobody_is_asked_to_rest(opened_series, qtbot, monkeypatch):
    said = opened_series.prediction.sentence.text
    monkeypatch.setattr(opened_series.service, "classify", lambda _scan: None)  # a slow network
    scroll_to(qtbot, opened_series, 2)
    assert said() == "Pause on a slice to have it read."
    qtbot.waitUntil(lambda: said() == "Reading …")
    assert opened_series.gradcam.large.text() == "Heatmaps follow the verdict."


def test_the_slice_s_verdict_is_titled_while_a_series_is_open(opened_series, qtbot, tmp_path):
    assert opened_series.prediction._heading.text() == "This slice"
    read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    assert opened_series.prediction._heading.text() == "head.png"


def test_a_question_of_the_class_box_is_readable_to_its_end(opened_series):
    box = opened_series.gradcam.target
    box.clear()
    box.addItem("Why meningioma?")
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    assert field.width() >= box.fontMetrics().horizontalAdvance("Why meningioma?")


def test_at_the_smallest_size_no_line_of_the_verdicts_is_squeezed(opened_series, qtbot):
    size = opened_series.size()
    opened_series.resize(1000, 520)  # a screen of 1366 by 768 at 125 % has little more
    qtbot.waitUntil(lambda: opened_series.height() == 520)
    card = opened_series.series.whole.card
    qtbot.waitUntil(
        lambda: card.sentence.height() >= card.sentence.heightForWidth(card.sentence.width())
    )
    bars = opened_series.prediction.bars
    qtbot.waitUntil(lambda: bars.height() >= bars.sizeHint().height())
    opened_series.resize(size)


def test_the_list_numbers_patients_and_names_none(opened_series):
    tree = opened_series.browser.series
    patient = tree.topLevelItem(0)
    assert patient.text(0) == "Patient 1"
    assert patient.child(0).child(0).text(0) == (
        f"AX T2 FLAIR\n12 slices, axial, FLAIR\n{opened_series.series.whole.card.verdict.text()}"
    )
    assert "SECRET" not in opened_series.windowTitle() + opened_series.page.name.text()


def test_a_dropped_volume_is_scrolled_and_read_and_each_slice_keeps_its_own_verdict(
    window, qtbot, tmp_path
):
    rows, columns, slices = np.mgrid[:96, :80, :12]
    head = (np.hypot(rows - 48, columns - 40) < 36) * (300 + 20 * slices)
    file = write_nifti(tmp_path / "sub-01_T1w.nii.gz", head.astype(np.int16))
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [file])
    tree = window.browser.series
    assert tree.topLevelItem(0).text(0) == "Patient not stated"
    assert (
        tree.topLevelItem(0)
        .child(0)
        .child(0)
        .text(0)
        .startswith("sub-01_T1w\n12 slices, axial, T1\n")
    )
    assert window.series.bar.place.text() == "Slice 7 of 12, H 6.0 mm"
    assert len(window.series.whole.readings) == 12
    key(qtbot, window, Qt.Key.Key_Down)
    # The heatmaps of the slice before may still be on their way.
    qtbot.waitUntil(
        lambda: window.gradcam.analysis is not None and window.gradcam.analysis.scan.frame == 7,
        timeout=PATIENCE,
    )
    assert (window.gradcam.analysis.scan.path, window.gradcam.analysis.scan.shape) == (
        file,
        (80, 96),
    )
    window.series.leave()


def zipped(folder):
    """A ZIP file of a folder's slices."""
    file = folder.with_suffix(".zip")
    with zipfile.ZipFile(file, "w") as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    return file


def test_a_zip_that_is_dropped_again_is_scrolled_in_its_new_place(window, qtbot, tmp_path):
    file = zipped(write_series(tmp_path / "study", 70))
    for _ in range(2):
        with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
            assert drop(window, [file])
    scroll_to(qtbot, window, 69)
    scroll_to(qtbot, window, 0)
    window.series.leave()


def test_a_zip_s_series_is_scrolled_while_another_folder_is_listed(window, qtbot, tmp_path, folder):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [zipped(write_series(tmp_path / "study", 70))])
    unpacked = window.series.series.slices[0].address.path
    with qtbot.waitSignal(window.browser.files_listed):
        window.browser.show_files([folder])  # as a click in the tree does: nothing is opened_series
    scroll_to(qtbot, window, 69)
    assert unpacked.is_file()
    read(qtbot, window, folder / "0.png")
    qtbot.waitUntil(lambda: not unpacked.exists())


def test_a_picture_puts_the_series_away(opened_series, qtbot, tmp_path):
    read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    assert opened_series.series.series is None
    assert opened_series.series.whole.card.isHidden()
    assert opened_series.page.series_bar.isHidden()
    assert opened_series.page.curve.isHidden()


def test_which_windows_fed_the_network_is_said_of_the_series_and_of_the_slice(opened_series, qtbot):
    assert opened_series.series.whole.card.greys.text().startswith("Network input: ")
    assert all(reading.greys for reading in opened_series.series.whole.readings)
    with qtbot.waitSignal(opened_series.service.explanation_ready, timeout=PATIENCE):
        opened_series.series.bar.slider.setValue(5)
    window = opened_series.scan_view.scan.window
    assert window_words(window) in opened_series.prediction._details.text()


@pytest.fixture
def after_first_slices(window, monkeypatch):
    """Return a function that schedules a call for when the first slices have been read."""

    def have(done):
        show, waiting = window.series.curve.show_readings, [done]

        def showing(readings):
            show(readings)
            while waiting:
                waiting.pop()()

        monkeypatch.setattr(window.series.curve, "show_readings", showing)

    return have


def test_escape_stops_the_series_and_the_search(window, qtbot, tmp_path, after_first_slices):
    after_first_slices(lambda: press(qtbot, window, "cancel"))
    assert drop(window, [write_series(tmp_path / "study", 200)])
    verdict = window.series.whole.card.verdict
    qtbot.waitUntil(lambda: verdict.text() == "Stopped", timeout=PATIENCE)
    read_so_far = len(window.series.whole.readings)
    assert read_so_far < 200
    window.browser.show_files([write_series(tmp_path / "other", 40)])
    press(qtbot, window, "cancel")
    assert window.browser.heading.text() == "Search stopped."
    qtbot.wait(200)
    assert (verdict.text(), len(window.series.whole.readings)) == ("Stopped", read_so_far)
    assert len(window.browser.found_series()[0].slices) == 200
    press(qtbot, window, "cancel")  # nothing is left to stop
    assert window.browser.heading.text() == "Search stopped."
    window.series.leave()


def test_what_is_told_late_of_the_series_before_is_not_taken_for_this_one(opened_series):
    readings = opened_series.series.whole.readings
    before = opened_series.service.newest_series - 1
    opened_series.service.slices_read.emit(before, [SliceReading(0, (1.0, 0.0, 0.0, 0.0))])
    opened_series.service.series_finished.emit(before, "")
    assert opened_series.series.whole.readings == readings
    assert opened_series.series.whole.card.verdict.text() != "Stopped"


def test_findings_stand_under_the_slider_in_the_card_and_in_the_tree(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 12)
    sorted(folder.iterdir())[4].unlink()
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    assert window.series.bar.findings.isVisible()
    assert "Slices may be missing" in window.series.bar.findings.text()
    assert "Slices may be missing" in window.series.whole.card.warning.text()
    item = window.browser.series.topLevelItem(0).child(0).child(0)
    assert item.text(0).splitlines()[0].endswith("\N{WARNING SIGN}")
    window.series.leave()


def test_hiding_the_patient_hides_what_headers_say_in_the_list_and_over_the_series(
    opened_series, qtbot
):
    study = opened_series.browser.series.topLevelItem(0).child(0)
    name = opened_series.page.name
    assert study.text(0) == "Study 1, 2004-08-26\nMR"
    assert name.text() == name.toolTip().splitlines()[0] == "AX T2 FLAIR"
    press(qtbot, opened_series, "hide_patient")
    assert study.text(0) == "Study 1"
    assert "AX T2" not in study.child(0).text(0) + name.text() + name.toolTip()
    assert opened_series.status.currentMessage().endswith("files and folders stay visible.")
    bar = opened_series.series.bar
    with qtbot.waitSignal(opened_series.series.slice_changed):
        bar.step(1)
    assert name.text() == study.child(0).text(0).splitlines()[0]
    press(qtbot, opened_series, "hide_patient")
    assert study.text(0) != "Study 1"
    assert name.text() == "AX T2 FLAIR"


def test_a_single_scan_keeps_its_name_while_the_patient_is_hidden(opened_series, qtbot, scan_file):
    read(qtbot, opened_series, scan_file)
    press(qtbot, opened_series, "hide_patient")
    assert opened_series.page.name.text() == scan_file.name
    press(qtbot, opened_series, "hide_patient")


def test_a_stopped_reading_has_no_verdict(window, qtbot, tmp_path, after_first_slices):
    stop = window.series.whole.card.stop
    after_first_slices(lambda: qtbot.mouseClick(stop, Qt.MouseButton.LeftButton))
    assert drop(window, [write_series(tmp_path / "study", 200)])
    verdict = window.series.whole.card.verdict
    qtbot.waitUntil(lambda: verdict.text() == "Stopped", timeout=PATIENCE)
    assert window.series.whole.verdict is None
    window.series.leave()


def test_no_tumour_is_incomplete_with_three_slices_damaged_in_the_middle(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 12)
    for file in sorted(folder.iterdir())[5:8]:
        file.write_bytes(file.read_bytes()[:-3000])
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    verdict = window.series.whole.verdict
    assert (verdict.unread, verdict.total) == (3, 12)
    assert "3 of 12 slices could not be read" in window.series.whole.card.sentence.text()
    qtbot.waitUntil(lambda: window.prediction._verdict.text() == "Not read")
    assert window.page.name.text() == "AX T2 FLAIR"  # the series' name, not the file's
    assert window.gradcam.target.placeholderText() == "Why …?"
    named = window.series.whole.card.verdict.text()
    assert named != "No tumour"
    assert (named == "Incomplete") is not verdict.is_complete
    scroll_to(qtbot, window, 1)
    window.series.bar.slider.setValue(6)
    qtbot.waitUntil(lambda: window.series.bar.place.text().startswith("Slice 7 of 12"))
    assert window.gradcam.analysis is None
    window.series.set_model(window.pack.card)
    assert not window.series._rest.isActive()  # not that the slice before is read instead
    window.series.leave()


def test_mixed_orientations_have_no_verdict_and_the_card_says_why(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 6)
    for number, file in enumerate(sorted(folder.iterdir())):  # as projections around an axis
        dataset = dcmread(file)
        turn = np.radians(20 * number)
        dataset.ImageOrientationPatient = [1, 0, 0, 0, np.cos(turn), np.sin(turn)]
        dataset.save_as(file)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    assert window.series.whole.verdict is None
    assert window.series.whole.card.verdict.text() == "No verdict"
    assert "mixed orientations" in window.series.whole.card.sentence.text()
    window.series.leave()

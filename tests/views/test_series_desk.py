"""A made series in the whole window: dropped, scrolled, read and exported."""

import csv
import socket
import zipfile
from dataclasses import astuple

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QStyle, QStyleOptionComboBox

from btgui.engine.contrast import Contrast
from btgui.engine.measurement import Measurement
from btgui.engine.picture_turn import PictureTurn
from btgui.engine.studies.series_verdict import SliceReading
from btgui.views.scan_view.camera import Place
from btgui.workers.outcomes import FolderReading
from tests.conftest import write_head
from tests.dicom_files import dicom_test_file
from tests.nifti_files import write_nifti
from tests.views.conftest import PATIENCE, drop, press, read


def write_series(folder, count, *, side=96, description="AX T2 FLAIR"):
    """Write so many slices of a growing and shrinking head."""
    folder.mkdir()
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    rows, columns = np.mgrid[:side, :side] - side / 2
    dataset.Rows = dataset.Columns = side
    dataset.SeriesDescription = description
    dataset.PatientName, dataset.PatientID = "SECRET^NAME", "SECRET-ID"
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    for number in range(count):
        radius = side * 0.45 * np.sin(np.pi * (number + 0.5) / count)
        head = (np.hypot(rows, columns) < radius) * (600 + 200 * np.cos(rows / 5))
        dataset.PixelData = head.astype(np.int16).tobytes()
        dataset.ImagePositionPatient = [0, 0, number * 1.5]
        dataset.InstanceNumber = number + 1
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[f"{folder.name} {number}"])
        dataset.save_as(folder / f"slice{number:04d}")
    return folder


@pytest.fixture
def opened(window, qtbot, tmp_path):
    """The window with a short series dropped on it and read."""
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_series(tmp_path / "study", 12)])
    yield window
    window.series.leave()


def key(qtbot, window, pressed):
    qtbot.keyClick(window.scan_view.findChild(QGraphicsView), pressed)


def wheel(window, notches, modifier=Qt.KeyboardModifier.NoModifier, over=None):
    viewport = over or window.scan_view.findChild(QGraphicsView).viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_two_hundred_slices_are_dropped_scrolled_read_and_exported_offline(
    window, qtbot, tmp_path, answer_dialog, monkeypatch
):
    def refuse(*_):
        raise AssertionError("a network connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_series(tmp_path / "study", 200)])
    assert window.series.bar.place.text() == "Slice 101 of 200, H 150.0 mm"
    assert [reading.index for reading in window.series.readings] == list(range(200))
    assert window.series.card.verdict.text() not in {"", "…", "Not read"}
    key(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: window.series.bar.place.text().startswith("Slice 200"))
    table = tmp_path / "series.csv"
    answer_dialog("getSaveFileName", (str(table), ""))
    qtbot.mouseClick(window.series.card.save, Qt.MouseButton.LeftButton)
    with table.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 200
    assert (rows[2]["slice"], rows[2]["position (mm)"]) == ("3", "3.00")
    assert "SECRET" not in table.read_text(encoding="utf-8-sig")
    window.series.leave()


def test_wheel_and_keys_step_and_the_slice_that_is_rested_on_is_explained(opened, qtbot):
    bar = opened.series.bar
    wheel(opened, -2)
    assert bar.slider.value() == 8
    for pressed, slice_index in (
        (Qt.Key.Key_Up, 7),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_End, 11),
    ):
        key(qtbot, opened, pressed)
        assert bar.slider.value() == slice_index
    with qtbot.waitSignal(opened.service.explanation_ready, timeout=PATIENCE):
        bar.slider.setValue(5)
    assert opened.analysis.scan.path.name == "slice0005"
    assert opened.prediction.verdict_text() in opened.analysis.prediction.display_names


def test_the_wheel_steps_over_the_heatmap_and_the_curve_too(opened):
    for step, part in enumerate(
        (opened.gradcam.large, opened.series.curve.plot.viewport()),
        opened.series.bar.slider.value(),
    ):
        wheel(opened, -1, over=part)
        assert opened.series.bar.slider.value() == step + 1


def test_on_the_way_it_is_said_how_to_see_heatmaps_and_the_class_asked_for_stays(opened, qtbot):
    bar, target = opened.series.bar, opened.gradcam.target
    explained = opened.service.explanation_ready
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        bar.slider.setValue(5)
    verdict = opened.analysis.prediction.verdict_index
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        press(qtbot, opened, "next_target")
    wanted = target.currentIndex()
    assert wanted != verdict
    bar.slider.setValue(7)
    qtbot.waitUntil(lambda: opened.gradcam.large.text().startswith("Rest on a slice"))
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        pass
    assert opened.analysis.explanation.target_index == wanted == target.currentIndex()


def test_another_scan_is_explained_by_its_own_verdict(opened, qtbot, tmp_path):
    with qtbot.waitSignal(opened.service.explanation_ready, timeout=PATIENCE):
        opened.series.bar.slider.setValue(5)
    press(qtbot, opened, "next_target")
    read(qtbot, opened, write_head(tmp_path / "head.png"))
    prediction = opened.analysis.prediction
    assert opened.gradcam.target.currentIndex() == prediction.verdict_index


def test_a_stopped_reading_is_taken_up_by_its_button_and_by_a_click_on_the_series(
    window, qtbot, tmp_path
):
    assert drop(window, [write_series(tmp_path / "study", 200)])
    card, tree = window.series.card, window.browser.series
    for ask in (
        lambda: qtbot.mouseClick(card.again, Qt.MouseButton.LeftButton),
        lambda: window.series.open(tree.topLevelItem(0).child(0).child(0).data(0, 0x100)),
    ):
        qtbot.waitUntil(lambda: card.is_running() and len(window.series.readings) > 0)
        press(qtbot, window, "cancel")
        qtbot.waitUntil(lambda: card.verdict.text() == "Stopped")
        ask()
    assert not card.again.isVisible()
    qtbot.waitUntil(lambda: len(window.series.readings) == 200, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not card.is_running())
    window.series.leave()


def test_a_series_that_was_read_is_not_read_again(opened, qtbot, tmp_path):
    series, verdict = opened.series.series, opened.series.card.verdict.text()
    item = opened.browser.series.topLevelItem(0).child(0).child(0)
    assert item.text(0).splitlines()[-1] == verdict
    read(qtbot, opened, write_head(tmp_path / "head.png"))
    opened.series.open(series)
    assert opened.series.card.verdict.text() == verdict
    assert len(opened.series.readings) == 12
    assert opened.series.card.sentence.text()
    opened.series.leave()


def test_measurements_stay_with_their_slice_while_the_series_is_open(opened, qtbot, tmp_path):
    bar, measuring = opened.series.bar, opened.scan_view.measuring

    def go_to(index):
        with qtbot.waitSignal(opened.scan_view.scan_changed, timeout=PATIENCE):
            bar.slider.setValue(index)

    go_to(4)
    measuring.measurements.append(Measurement(((1, 1), (9, 9))))
    go_to(5)
    assert measuring.measurements == []
    go_to(4)
    assert measuring.measurements == [Measurement(((1, 1), (9, 9)))]
    read(qtbot, opened, write_head(tmp_path / "head.png"))
    assert measuring.measurements == []


def test_the_folder_s_table_can_be_looked_at_and_left_by_a_click_on_the_series(opened, qtbot):
    tabs, bar = opened.tabs, opened.series.bar
    press(qtbot, opened, "play_slices")
    assert bar.play.isChecked()
    tabs.show_table()
    assert not bar.play.isChecked()
    qtbot.wait(150)
    assert tabs.shows_table()
    opened.browser.series.series_requested.emit(opened.series.series)
    assert not tabs.shows_table()
    tabs.show_table()
    press(qtbot, opened, "play_slices")
    qtbot.waitUntil(lambda: not tabs.shows_table())
    assert bar.play.isChecked()
    bar.pause()


def test_ctrl_and_wheel_zoom_and_leave_the_slice(opened):
    before = opened.scan_view.place()
    wheel(opened, 3, Qt.KeyboardModifier.ControlModifier)
    assert opened.series.bar.slider.value() == 6
    assert opened.scan_view.place() != before


def test_the_slice_s_verdict_is_titled_while_a_series_is_open(opened, qtbot, tmp_path):
    assert opened.prediction._heading.isVisible()
    read(qtbot, opened, write_head(tmp_path / "head.png"))
    assert opened.prediction._heading.isHidden()


def test_a_question_of_the_class_box_is_readable_to_its_end(opened):
    box = opened.gradcam.target
    box.clear()
    box.addItem("Why meningioma?")
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    assert field.width() >= box.fontMetrics().horizontalAdvance("Why meningioma?")


def test_at_the_smallest_size_no_line_of_the_verdicts_is_squeezed(opened, qtbot):
    size = opened.size()
    opened.resize(1000, 640)
    card = opened.series.card
    qtbot.waitUntil(
        lambda: card.sentence.height() >= card.sentence.heightForWidth(card.sentence.width())
    )
    bars = opened.prediction.bars
    qtbot.waitUntil(lambda: bars.height() >= bars.sizeHint().height())
    opened.resize(size)


def test_slices_play_one_after_the_other_until_paused(opened, qtbot):
    bar = opened.series.bar
    bar.rate.setValue(30)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.slider.value() >= 9)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert bar.play.text() == "Play slices"


def test_the_list_numbers_patients_and_names_none(opened):
    tree = opened.browser.series
    patient = tree.topLevelItem(0)
    assert patient.text(0) == "Patient 1"
    assert patient.child(0).child(0).text(0) == (
        f"AX T2 FLAIR\naxial, FLAIR, 12 slices\n{opened.series.card.verdict.text()}"
    )
    assert "SECRET" not in opened.windowTitle() + opened.page.name.text()


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
        .startswith("sub-01_T1w\naxial, T1, 12 slices\n")
    )
    assert window.series.bar.place.text() == "Slice 7 of 12, H 6.0 mm"
    assert len(window.series.readings) == 12
    key(qtbot, window, Qt.Key.Key_Down)
    # The heatmaps of the slice before may still be on their way.
    qtbot.waitUntil(
        lambda: window.analysis is not None and window.analysis.scan.frame == 7, timeout=PATIENCE
    )
    assert (window.analysis.scan.path, window.analysis.scan.shape) == (file, (80, 96))
    window.series.leave()


def zipped(folder):
    """A ZIP file of a folder's slices."""
    file = folder.with_suffix(".zip")
    with zipfile.ZipFile(file, "w") as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    return file


def scroll_to(qtbot, window, index):
    """Go to a slice and wait until it, or why it cannot be read, is shown."""
    window.series.bar.slider.setValue(index)
    words = f"Slice {index + 1} of "
    qtbot.waitUntil(lambda: window.series.bar.place.text().startswith(words))
    qtbot.waitUntil(lambda: window.scan_view.scan is not None, timeout=5000)
    assert window.scan_view.scan.slice_location_mm == index * 1.5


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
        window.browser.open_folder(folder)  # as a click in the tree does: nothing is opened
    scroll_to(qtbot, window, 69)
    assert unpacked.is_file()
    read(qtbot, window, folder / "0.png")
    assert not unpacked.exists()


def test_a_picture_puts_the_series_away(opened, qtbot, tmp_path):
    read(qtbot, opened, write_head(tmp_path / "head.png"))
    assert opened.series.series is None
    assert opened.series.card.isHidden()
    assert opened.page.series_bar.isHidden()
    assert opened.page.curve.isHidden()


def test_a_click_on_the_curve_goes_to_its_slice(opened, qtbot):
    plot = opened.page.curve.plot
    scene = plot.getViewBox().mapViewToScene(QPointF(4, 50))
    viewport = plot.viewport()
    qtbot.mouseMove(viewport, plot.mapFromScene(scene))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=plot.mapFromScene(scene))
    assert opened.series.bar.slider.value() == 3


def test_which_windows_fed_the_network_is_said_of_the_series_and_of_the_slice(opened, qtbot):
    assert opened.series.card.greys.text().startswith("Greys: ")
    assert all(reading.greys for reading in opened.series.readings)
    with qtbot.waitSignal(opened.service.explanation_ready, timeout=PATIENCE):
        opened.series.bar.slider.setValue(5)
    window = opened.scan_view.scan.window
    assert f"width {window.width:.5g}, centre" in opened.prediction.details_text()


def test_another_series_begins_as_its_file_wants_it_and_slices_keep_the_display(
    opened, qtbot, tmp_path
):
    view = opened.scan_view
    press(qtbot, opened, "invert")
    press(qtbot, opened, "flip_across")
    wheel(opened, 3, Qt.KeyboardModifier.ControlModifier)
    view.set_contrast(Contrast(0.2, 2.0))
    turn, contrast, place = view.turn, view.contrast(), view.place()
    scroll_to(qtbot, opened, 2)
    assert view.inverted()
    assert view.turn == turn
    assert astuple(view.place()) == pytest.approx(astuple(place))
    assert astuple(view.contrast()) == pytest.approx(astuple(contrast))
    with qtbot.waitSignal(opened.service.series_finished, timeout=PATIENCE):
        assert drop(opened, [write_series(tmp_path / "other", 4)])
    qtbot.waitUntil(lambda: not view.inverted(), timeout=PATIENCE)  # its first slice is there
    assert view.turn == PictureTurn()
    assert view.contrast() == Contrast()
    assert astuple(view.place()) == pytest.approx(astuple(Place()))


@pytest.fixture
def after_first_slices(window, monkeypatch):
    """Return a function that has something done once, when the first slices have been read."""

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
    verdict = window.series.card.verdict
    qtbot.waitUntil(lambda: verdict.text() == "Stopped", timeout=PATIENCE)
    read_so_far = len(window.series.readings)
    assert read_so_far < 200
    window.browser.open_folder(write_series(tmp_path / "other", 40))
    press(qtbot, window, "cancel")
    assert window.browser.heading.text() == "Stopped looking."
    qtbot.wait(200)
    assert (verdict.text(), len(window.series.readings)) == ("Stopped", read_so_far)
    assert len(window.browser.found_series()[0].slices) == 200
    press(qtbot, window, "cancel")  # nothing is left to stop
    assert window.browser.heading.text() == "Stopped looking."
    window.series.leave()


def test_what_is_told_late_of_the_series_before_is_not_taken_for_this_one(opened):
    readings = list(opened.series.readings)
    before = opened.service.newest_series - 1
    opened.service.slices_read.emit(before, [SliceReading(0, (1.0, 0.0, 0.0, 0.0))])
    opened.service.series_finished.emit(before, FolderReading(1, 0, stopped=False))
    assert opened.series.readings == readings
    assert opened.series.card.verdict.text() != "Stopped"


def test_findings_stand_under_the_slider_in_the_card_and_in_the_tree(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 12)
    sorted(folder.iterdir())[4].unlink()
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    assert window.series.bar.findings.isVisible()
    assert "Slices may be missing" in window.series.bar.findings.text()
    assert "Slices may be missing" in window.series.card.warning.text()
    item = window.browser.series.topLevelItem(0).child(0).child(0)
    assert item.text(0).splitlines()[1].endswith("\N{WARNING SIGN}")
    window.series.leave()


def test_hiding_the_patient_hides_the_study_in_the_list(opened, qtbot):
    study = opened.browser.series.topLevelItem(0).child(0)
    assert study.text(0) == "Study 1, 2004-08-26, MR"
    press(qtbot, opened, "hide_patient")
    assert study.text(0) == "Study 1"
    press(qtbot, opened, "hide_patient")
    assert study.text(0) != "Study 1"


def test_a_stopped_reading_has_no_verdict(window, qtbot, tmp_path, after_first_slices):
    stop = window.series.card.stop
    after_first_slices(lambda: qtbot.mouseClick(stop, Qt.MouseButton.LeftButton))
    assert drop(window, [write_series(tmp_path / "study", 200)])
    verdict = window.series.card.verdict
    qtbot.waitUntil(lambda: verdict.text() == "Stopped", timeout=PATIENCE)
    assert window.series.verdict is None
    window.series.leave()


def test_no_tumour_is_incomplete_with_three_slices_damaged_in_the_middle(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 12)
    for file in sorted(folder.iterdir())[5:8]:
        file.write_bytes(file.read_bytes()[:-3000])
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    verdict = window.series.verdict
    assert (verdict.unread, verdict.total) == (3, 12)
    assert "3 of 12 slices could not be read" in window.series.card.sentence.text()
    qtbot.waitUntil(lambda: window.prediction.verdict_text() == "Not read")
    assert window.page.name.text() == "AX T2 FLAIR"  # the series' name, not the file's
    assert window.gradcam.target.placeholderText() == "Why …?"
    named = window.series.card.verdict.text()
    assert named != "No tumour"
    assert (named == "Incomplete") is not verdict.is_complete
    window.series.leave()


def test_mixed_orientations_have_no_verdict_and_the_card_says_why(window, qtbot, tmp_path):
    folder = write_series(tmp_path / "study", 6)
    for file in sorted(folder.iterdir())[3:]:
        dataset = dcmread(file)
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
        dataset.save_as(file)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    assert window.series.verdict is None
    assert window.series.card.verdict.text() == "No verdict"
    assert "mixed orientations" in window.series.card.sentence.text()
    window.series.leave()

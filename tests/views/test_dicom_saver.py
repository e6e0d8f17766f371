import threading
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtWidgets import QFileDialog

from btgui.engine.exports import dicom_capture
from btgui.views.saving import await_savings
from tests.views.conftest import PATIENCE, press, read
from tests.views.dropped_series import scroll_to
from tools.make_series import make_series


@pytest.fixture
def scan(tmp_path):
    """A file of a series of one slice."""
    return make_series(tmp_path / "study", slices=1, size=96)[0]


@pytest.fixture
def open_window(window, qtbot, scan):
    """The window with a DICOM scan that was read; the patient is shown."""
    if not window.scan_view.patient_visible():
        press(qtbot, window, "hide_patient")
    read(qtbot, window, scan)
    return window


@pytest.fixture
def told(open_window):
    told = []
    open_window.messages.message_arrived.connect(told.append)
    yield told
    open_window.messages.message_arrived.disconnect(told.append)


def save_as(qtbot, window, answer_dialog, file):
    window.status.clearMessage()
    answer_dialog("getSaveFileName", (str(file), ""))
    press(qtbot, window, "save_dicom")
    qtbot.waitUntil(lambda: window.status.currentMessage() == f"Saved {file.name}.")
    return dcmread(file)


def test_the_reading_is_saved_beside_its_study(open_window, qtbot, answer_dialog, tmp_path, scan):
    written = save_as(qtbot, open_window, answer_dialog, tmp_path / "kept.dcm")
    source = dcmread(scan)
    assert written.StudyInstanceUID == source.StudyInstanceUID
    assert written.PatientName == source.PatientName
    assert written.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert "Small test model (small)" in written.ImageComments
    assert "Stage 5, layer stage5" in written.DerivationDescription
    pixels = written.pixel_array
    assert np.ptp(pixels, axis=(0, 1)).min() > 100
    assert not np.array_equal(pixels[..., 0], pixels[..., 2])  # heat has colours


def test_the_stage_and_the_class_are_those_on_the_screen(
    open_window, qtbot, answer_dialog, tmp_path
):
    press(qtbot, open_window, "stage_2")
    with qtbot.waitSignal(open_window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, open_window, "next_target")
    prediction = open_window.gradcam.analysis.prediction
    other = (prediction.verdict_index + 1) % len(prediction.classes)
    written = save_as(qtbot, open_window, answer_dialog, tmp_path / "kept.dcm")
    name = prediction.display_names[other]
    assert f"Stage 2, layer stage2) of a network's evidence for {name}." in (
        written.DerivationDescription
    )
    press(qtbot, open_window, "stage_5")


def test_while_the_patient_is_hidden_nothing_is_asked_and_nothing_written(
    open_window, qtbot, told, monkeypatch, tmp_path
):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1))
    press(qtbot, open_window, "hide_patient")
    press(qtbot, open_window, "save_dicom")
    (warning,) = (message for message in told if message.level == "warning")
    assert warning.text.startswith("The patient is hidden.")
    assert not asked
    assert not open_window.messages.bar.isHidden()
    press(qtbot, open_window, "hide_patient")
    assert open_window.messages.bar.isHidden()  # it would say what is not so any more


def test_the_words_beside_the_verdict_stand_in_the_picture(
    open_window, qtbot, answer_dialog, tmp_path, monkeypatch
):
    seen = []
    monkeypatch.setattr(
        "btgui.views.reading_picture.reading_picture",
        lambda _heat, words, _when: seen.append(words) or np.zeros((8, 8, 3), np.uint8),
    )
    save_as(qtbot, open_window, answer_dialog, tmp_path / "kept.dcm")
    assert "\n" not in seen[0].sentence
    assert seen[0].sentence == open_window.prediction.sentence.text().replace("\n", " ")
    assert seen[0].warning == open_window.prediction.warning.text()
    assert seen[0].series == seen[0].place == ""


def test_what_is_odd_about_the_crop_is_written_once(open_window, monkeypatch):
    written = []
    monkeypatch.setattr(
        "btgui.views.reading_picture._Column.write",
        lambda _self, text, *_, **__: written.append(text),
    )
    heat = open_window.gradcam.shown_heat()
    analysis, steps = heat.analysis, heat.analysis.preprocessed
    outline = replace(steps.outline, note="The crop is odd.")
    odd = replace(analysis, preprocessed=replace(steps, outline=outline))
    open_window.prediction.show_analysis(odd)
    open_window.dicom_saver.capture(replace(heat, analysis=odd))
    open_window.prediction.show_analysis(analysis)
    assert sum("The crop is odd." in text for text in written) == 1


def test_a_scan_without_heatmaps_yet_is_not_saved(open_window, qtbot, told, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1))
    open_window.gradcam.show_failure("None.")
    open_window.gradcam._without_heatmaps()
    press(qtbot, open_window, "save_dicom")
    assert [message.text for message in told] == ["There is no heatmap to save with the scan yet."]
    assert not asked


def test_while_the_original_is_shown_no_heatmap_is_saved_that_nobody_saw(
    open_window, qtbot, told, monkeypatch
):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1))
    press(qtbot, open_window, "stage_0")
    press(qtbot, open_window, "save_dicom")
    assert "Choose a stage of the heatmap first: the file holds what you see." in told[0].text
    assert not asked
    press(qtbot, open_window, "stage_5")


def test_of_a_picture_that_names_no_study_there_is_none(
    open_window, qtbot, told, scan, scan_file, monkeypatch
):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1))
    read(qtbot, open_window, scan_file)
    press(qtbot, open_window, "save_dicom")
    assert [message.level for message in told] == ["warning"]
    assert told[0].text.startswith("A PNG file names no patient and no study")
    assert not asked
    assert not open_window.messages.bar.isHidden()
    read(qtbot, open_window, scan)
    assert open_window.messages.bar.isHidden()  # it was said of the picture


def test_a_scan_that_cannot_be_read_again_is_told(open_window, qtbot, answer_dialog, told, scan):
    scan.unlink()
    answer_dialog("getSaveFileName", (str(scan.with_name("kept.dcm")), ""))
    press(qtbot, open_window, "save_dicom")
    qtbot.waitUntil(lambda: [message.level for message in told] == ["error"])
    assert "cannot be read again" in told[0].text


def test_a_drive_that_is_slow_holds_nothing_up_and_loses_no_file(
    open_window, qtbot, answer_dialog, told, tmp_path, monkeypatch
):
    goes_on, write = threading.Event(), dicom_capture.write_dicom_capture

    def slowly(file, capture):
        goes_on.wait(20)
        write(file, capture)

    monkeypatch.setattr(dicom_capture, "write_dicom_capture", slowly)
    answer_dialog("getSaveFileName", (str(tmp_path / "first.dcm"), ""))
    press(qtbot, open_window, "save_dicom")
    assert not told
    goes_on.set()
    qtbot.waitUntil(lambda: [message.text for message in told] == ["Saved first.dcm."])
    assert dcmread(tmp_path / "first.dcm").Modality == "OT"


def test_the_window_does_not_close_before_a_file_is_written(
    open_window, qtbot, answer_dialog, tmp_path, monkeypatch
):
    begun, goes_on, write = threading.Event(), threading.Event(), dicom_capture.write_dicom_capture

    def slowly(file, capture):
        begun.set()
        goes_on.wait(20)
        write(file, capture)

    monkeypatch.setattr(dicom_capture, "write_dicom_capture", slowly)
    answer_dialog("getSaveFileName", (str(tmp_path / "kept.dcm"), ""))
    press(qtbot, open_window, "save_dicom")
    assert begun.wait(20)
    threading.Timer(0.2, goes_on.set).start()
    await_savings(open_window)
    assert dcmread(tmp_path / "kept.dcm").Modality == "OT"


def test_what_was_saved_opens_again_and_is_told_as_no_mr(
    open_window, qtbot, answer_dialog, tmp_path
):
    save_as(qtbot, open_window, answer_dialog, tmp_path / "kept.dcm")
    read(qtbot, open_window, tmp_path / "kept.dcm")
    assert "not trained on OT scans" in open_window.prediction.warning.text()


def test_of_a_slice_the_series_verdict_is_saved_too(
    opened_series, qtbot, answer_dialog, tmp_path, monkeypatch
):
    window, seen = opened_series, []
    monkeypatch.setattr(
        "btgui.views.reading_picture.reading_picture",
        lambda _heat, words, _when: seen.append(words) or np.zeros((8, 8, 3), np.uint8),
    )
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        scroll_to(qtbot, window, 4)
    qtbot.waitUntil(lambda: not window.series.whole.card.is_running(), timeout=PATIENCE)
    written = save_as(qtbot, window, answer_dialog, tmp_path / "kept.dcm")
    assert seen[0].place.startswith("Slice 5 of 12")
    assert seen[0].series.startswith("Whole series: ")
    assert window.series.whole.card.sentence.text() in seen[0].series
    assert written.PatientID == "SECRET-ID"
    assert written.InstanceNumber == 1


def test_a_verdict_on_one_volume_of_a_series_says_of_which(opened_series, monkeypatch):
    series = replace(opened_series.series.series, volume="echo 2 (TE 98 ms)")
    monkeypatch.setattr(opened_series.series, "series", series)
    words = opened_series.dicom_saver._words()
    assert words.series.startswith("Whole series, echo 2 (TE 98 ms): ")


def test_what_makes_a_verdict_on_a_series_doubtful_is_saved(opened_series):
    warning = opened_series.series.whole.card.warning
    warning.setText("Slices may be missing.")
    for is_shown in (True, False):
        warning.setVisible(is_shown)
        words = opened_series.dicom_saver._words()
        assert words.warning.endswith("Slices may be missing.") == is_shown


def test_while_a_series_is_read_it_is_said_how_far_and_that_there_is_no_verdict(
    opened_series, monkeypatch
):
    whole = opened_series.series.whole
    for name, value in (("outcome", None), ("readings", whole.readings[:5])):
        monkeypatch.setattr(whole, name, value)
    said = opened_series.dicom_saver._words().series
    assert "5 of 12 slices had been read, so there is no verdict." in said
    assert "Reading" not in said


def test_where_what_was_read_of_a_series_holds_no_more_no_number_is_said(
    opened_series, monkeypatch
):
    whole = opened_series.series.whole
    for name, value in (("outcome", None), ("readings", ())):
        monkeypatch.setattr(whole, name, value)
    assert opened_series.dicom_saver._words().series == "Whole series: no verdict."

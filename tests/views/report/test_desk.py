"""Reports requested in the whole window by their shortcuts."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtWidgets import QFileDialog

from btgui.engine.errors import ModelPackError
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.series_verdict import telling_slice
from btgui.views.report import output
from btgui.views.saving import Saving
from btgui.workers import reading_model
from tests.conftest import when_asked, write_head
from tests.views.conftest import PATIENCE, drop, press, read
from tests.views.dropped_series import scroll_to, write_series
from tests.views.report.pdf_text import pdf_text

OVERTAKEN = "No report was made: the reading is out of date. Try again after the new reading."
OPENED_MEANWHILE = "No report was made: another scan or series was opened."
SECRETS = ("SECRET", "NAME", "T2 FLAIR", "study", "slice00")


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """The proposed file names; each report is saved under its name in a folder."""
    names = []

    def ask(_parent, _title, name, _kinds):
        names.append(Path(name).name)
        return str(tmp_path / names[-1]), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(ask))
    return names


@pytest.fixture
def visible_patient(window):
    """The patient is shown, before and after."""
    yield
    window.scan_view.set_patient_visible(True)


def enabled(window):
    return [window.findChild(QAction, f"{name}_report").isEnabled() for name in ("save", "print")]


def saved(qtbot, told, file: Path) -> str:
    """Wait until a file is saved and reported; return its text."""
    text = f"Saved {file.name}."
    qtbot.waitUntil(lambda: text in [message.text for message in told], timeout=PATIENCE)
    return pdf_text(file.read_bytes())


def test_a_scan_s_report_shows_what_the_window_shows(
    window, qtbot, scan_file, asked, told, tmp_path
):
    read(qtbot, window, scan_file)
    assert enabled(window) == [True, True]
    press(qtbot, window, "stage_2")
    press(qtbot, window, "invert")
    window.scan_view.measuring.measurements.append(Measurement(((40, 40), (80, 40))))
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "head-report.pdf")
    assert asked == ["head-report.pdf"]
    prediction = window.prediction
    for words in (
        prediction._verdict.text(),
        prediction.sentence.text().replace("\n", " ").replace("\N{NO-BREAK SPACE}", " "),
        *prediction.bars.lines()[0].split(": "),
        "head.png",
        "Stage 2, Grad-CAM",
        "inverted",
        "40.0 pixels",
        window.pack.card.name,
    ):
        assert words in text
    window.scan_view.measuring.measurements.clear()
    with qtbot.waitSignal(window.gradcam.settled, timeout=PATIENCE):
        press(qtbot, window, "next_target")
    assert len(asked) == 1  # each report is asked for


def test_where_the_original_is_shown_there_is_no_heatmap(
    window, qtbot, scan_file, asked, told, tmp_path
):
    read(qtbot, window, scan_file)
    press(qtbot, window, "stage_0")
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "head-report.pdf")
    assert "no evidence" not in text
    assert "No heatmap" in text.replace("\n", " ")
    press(qtbot, window, "stage_5")


def test_where_heatmaps_failed_the_report_says_why(window, qtbot, scan_file, asked, told, tmp_path):
    read(qtbot, window, scan_file)
    window.gradcam.show_failure("No heatmaps: the network's process ended.")
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "head-report.pdf")
    assert "No heatmaps: the network's process ended." in text.replace("\n", " ")


def test_a_report_waits_for_the_heatmaps_of_its_scan_and_comes_of_no_other(
    window, qtbot, tmp_path, asked, told
):
    first, other = (write_head(tmp_path / f"{name}.png", seed=2) for name in ("first", "other"))
    read(qtbot, window, first)
    press(qtbot, window, "next_target")
    press(qtbot, window, "save_report")
    assert window.gradcam.analysis.explanation is None
    assert not asked
    saved(qtbot, told, tmp_path / "first-report.pdf")
    press(qtbot, window, "next_target")
    press(qtbot, window, "save_report")
    with qtbot.waitSignal(window.gradcam.settled, timeout=PATIENCE):
        window.open_scan(other)
    assert window.gradcam.analysis.scan.path == other
    assert asked == ["first-report.pdf"]
    assert told[-1].text == OPENED_MEANWHILE


def test_no_report_shows_a_scan_beside_the_verdict_on_another(window, qtbot, tmp_path, asked, told):
    read(qtbot, window, write_head(tmp_path / "first.png", seed=2))
    other = write_head(tmp_path / "other.png", seed=3)
    window.scan_view.show_scan(read_scan(other))
    press(qtbot, window, "save_report")
    read(qtbot, window, other)
    assert not asked
    assert [message.text for message in told] == [OPENED_MEANWHILE]


def test_a_dialog_that_is_cancelled_writes_nothing(window, qtbot, scan_file, answer_dialog, told):
    read(qtbot, window, scan_file)
    answer_dialog("getSaveFileName", ("", ""))
    press(qtbot, window, "save_report")
    assert not window.findChildren(Saving)
    assert not told


def test_a_report_that_takes_long_is_saved_though_another_one_is_asked_for(
    window, qtbot, scan_file, answer_dialog, told, tmp_path, monkeypatch
):
    slow, write = threading.Event(), output.write_pdf

    def write_slowly(file, content):
        if file.name == "first.pdf":
            slow.wait(10)
        write(file, content)

    monkeypatch.setattr(output, "write_pdf", write_slowly)
    read(qtbot, window, scan_file)
    for name in ("first", "second"):
        answer_dialog("getSaveFileName", (str(tmp_path / f"{name}.pdf"), ""))
        press(qtbot, window, "save_report")
    saved(qtbot, told, tmp_path / "second.pdf")
    slow.set()
    saved(qtbot, told, tmp_path / "first.pdf")
    qtbot.waitUntil(lambda: not window.findChildren(Saving))


def test_a_report_that_cannot_be_written_is_told(
    window, qtbot, scan_file, answer_dialog, told, tmp_path
):
    read(qtbot, window, scan_file)
    answer_dialog("getSaveFileName", (str(tmp_path / "none" / "x.pdf"), ""))
    press(qtbot, window, "save_report")
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert [message.level for message in told] == ["error"]
    assert "x.pdf cannot be written" in told[0].text


def test_a_series_report_goes_to_the_slice_that_tells_most(
    opened_series, qtbot, asked, told, tmp_path
):
    window = opened_series
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "AX T2 FLAIR-report.pdf")
    assert window.page.series_bar.slider.value() == index
    card, decided = window.series.whole.card, window.series.whole.verdict.deciding
    flat = text.replace("\n", " ")
    for words in (
        card.verdict.text(),
        card.sentence.text().replace("\N{NO-BREAK SPACE}", " "),
        "Not validated on whole series",
        f"slice {index + 1}, shown",
        f"Slice {index + 1} of 12",
        "highest probability of",
        f"among {'the slices that decided' if decided else 'all slices, as none decided'}.",
        "SECRET, NAME",
        "SECRET-ID",
    ):
        assert words in flat


def test_a_series_report_waits_for_the_slice_that_it_goes_to(opened_series, qtbot):
    window, made = opened_series, []
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        scroll_to(qtbot, window, (index + 3) % 12)
    window.report.make(lambda content, _name: made.append(content))
    qtbot.waitUntil(lambda: bool(made), timeout=PATIENCE)
    assert made[0].scan.scan.slice_location_mm == index * 1.5
    assert made[0].heat is not None


def test_a_slice_that_was_measured_is_shown_in_its_series_report(
    opened_series, qtbot, asked, told, tmp_path
):
    window = opened_series
    index = (telling_slice(window.series.whole.readings, window.series.whole.verdict) + 3) % 12
    scroll_to(qtbot, window, index)
    window.scan_view.measuring.measurements.append(Measurement(((40, 40), (60, 40))))
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "AX T2 FLAIR-report.pdf")
    assert f"slice {index + 1}, shown" in text
    assert window.page.series_bar.slider.value() == index
    window.scan_view.measuring.measurements.clear()


def test_of_a_series_without_a_verdict_the_slice_on_the_screen_is_shown(
    opened_series, qtbot, asked, told, tmp_path, monkeypatch
):
    window = opened_series
    without = replace(window.series.whole.outcome, verdict=None)
    monkeypatch.setattr(window.series.whole, "outcome", without)
    scroll_to(qtbot, window, 3)
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "AX T2 FLAIR-report.pdf").replace("\n", " ")
    assert "Slice 4 of 12, H 4.5 mm: it was on the screen." in text


def test_a_reader_who_goes_to_another_slice_meanwhile_gets_no_report(
    opened_series, qtbot, asked, told
):
    window = opened_series
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    press(qtbot, window, "save_report")
    with qtbot.waitSignal(window.gradcam.settled, timeout=PATIENCE):
        press(qtbot, window, "first_slice" if index else "last_slice")
    assert not asked
    assert told[-1].text == "No report was made: another slice was chosen."


def test_a_series_that_is_playing_pauses_for_its_report(
    opened_series, qtbot, asked, told, tmp_path
):
    window, bar = opened_series, opened_series.page.series_bar
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    press(qtbot, window, "play_slices")
    qtbot.waitUntil(lambda: bar.slider.value() != (index + 3) % 12)
    press(qtbot, window, "save_report")
    assert not bar.play.isChecked()
    saved(qtbot, told, tmp_path / "AX T2 FLAIR-report.pdf")
    assert bar.slider.value() == index


def test_a_report_that_another_model_s_readings_overtake_is_told(opened_series, qtbot, asked, told):
    window = opened_series
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    window.use_model(window.pack)
    press(qtbot, window, "save_report")
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        qtbot.waitUntil(lambda: window.pack is not None, timeout=PATIENCE)
    assert told[-1].text == OVERTAKEN
    assert not asked


def test_a_scan_s_report_that_another_model_s_reading_overtakes_is_told(
    window, qtbot, scan_file, asked, told
):
    read(qtbot, window, scan_file)
    press(qtbot, window, "next_target")
    press(qtbot, window, "save_report")
    with qtbot.waitSignal(window.gradcam.settled, timeout=PATIENCE):
        window.use_model(window.pack)
    assert [message.text for message in told] == [OVERTAKEN]
    assert not asked


def test_a_scan_s_report_for_which_there_is_no_model_any_more_is_told(
    window, qtbot, scan_file, asked, told, monkeypatch
):
    def refuse(_folder):
        raise ModelPackError("refused")

    read(qtbot, window, scan_file)
    pack = window.pack
    press(qtbot, window, "next_target")
    press(qtbot, window, "save_report")
    with monkeypatch.context() as refusing:
        refusing.setattr(reading_model, "open_pack", refuse)
        with qtbot.waitSignal(window.service.model_failed, timeout=PATIENCE):
            window.use_model(pack)
    assert OVERTAKEN in [message.text for message in told]
    assert not asked
    with qtbot.waitSignal(window.gradcam.settled, timeout=PATIENCE):
        window.use_model(pack)


def test_a_slice_that_cannot_be_read_meanwhile_is_told(opened_series, qtbot, asked, told):
    window = opened_series
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    window.series.loader.cache.clear()
    window.series.series.slices[index].address.path.write_bytes(b"not a scan any more")
    press(qtbot, window, "save_report")
    qtbot.waitUntil(
        lambda: any(message.text.startswith("No report was made: ") for message in told),
        timeout=PATIENCE,
    )
    assert not asked


@pytest.mark.usefixtures("visible_patient")
def test_where_the_patient_is_hidden_nothing_of_a_series_report_leads_to_him_or_her(
    opened_series, qtbot, asked, told, tmp_path
):
    window = opened_series
    press(qtbot, window, "hide_patient")
    press(qtbot, window, "save_report")
    text = saved(qtbot, told, tmp_path / "report.pdf")
    pdf = (tmp_path / "report.pdf").read_bytes()
    assert asked == ["report.pdf"]
    assert not [secret for secret in SECRETS if secret in text]
    assert not [secret for secret in SECRETS if secret.encode() in pdf]
    assert not [secret for secret in SECRETS if secret.encode("utf-16-be") in pdf]
    press(qtbot, window, "hide_patient")


def test_a_series_has_a_report_once_all_of_it_was_read(opened_series, qtbot, tmp_path):
    window = opened_series
    assert enabled(window) == [True, True]
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        with qtbot.waitSignal(window.series.opened, timeout=PATIENCE):
            assert drop(window, [write_series(tmp_path / "second", 60)])
        assert enabled(window) == [False, False]
    assert enabled(window) == [True, True]


def test_without_a_printer_the_user_is_told_what_else_to_do_and_stays_at_the_slice(
    opened_series, qtbot, told, monkeypatch
):
    window = opened_series
    index = telling_slice(window.series.whole.readings, window.series.whole.verdict)
    scroll_to(qtbot, window, (index + 3) % 12)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    press(qtbot, window, "print_report")
    assert window.page.series_bar.slider.value() == (index + 3) % 12
    assert [message.level for message in told] == ["warning"]
    assert told[0].text.startswith("No printer was found on this computer. File, Save report …")


def test_the_report_is_printed_on_the_printer_that_was_chosen(
    window, qtbot, scan_file, told, monkeypatch, tmp_path
):
    read(qtbot, window, scan_file)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["One"]))

    def choose(dialog: QPrintDialog):
        dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
        dialog.done(QPrintDialog.DialogCode.Accepted)

    when_asked(choose)
    press(qtbot, window, "print_report")
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert [message.text for message in told] == ["The report was sent to the printer."]
    assert window.prediction._verdict.text() in pdf_text((tmp_path / "printed.pdf").read_bytes())


def test_with_nothing_open_there_is_nothing_to_report(window, qtbot, tmp_path):
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(b"\x89PNG\r\n\x1a\n")
    with qtbot.waitSignal(window.service.scan_failed, timeout=PATIENCE):
        window.open_scan(damaged)
    assert enabled(window) == [False, False]
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)

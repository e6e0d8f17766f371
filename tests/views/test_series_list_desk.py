"""The series of a study, all read on request, in the whole window."""

import csv
import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from btgui.engine.series_analysis import verdict_on
from btgui.engine.studies.series_verdict import SliceReading
from btgui.workers.series_reading import SeriesOutcome
from tests.conftest import write_head
from tests.views.conftest import PATIENCE, drop, press, read
from tests.views.dropped_series import write_series


def rows(window):
    """The words of every series in the list."""
    study = window.browser.series.topLevelItem(0).child(0)
    return [study.child(number).text(0).splitlines() for number in range(study.childCount())]


def write_study(folder):
    """A study of three series, the first of 60 slices."""
    folder.mkdir()
    for number, count in enumerate((60, 12, 8), 1):
        write_series(folder / f"series {number}", count, description=f"AX {number}", number=number)
    return folder


def test_all_series_of_a_study_are_read_and_each_verdict_stands_below_its_series(
    window, qtbot, tmp_path
):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    opened = window.series.series
    assert [len(words) for words in rows(window)] == [3, 2, 2]
    with qtbot.waitSignal(window.series_reading.list_ended, timeout=PATIENCE) as ended:
        qtbot.mouseClick(window.browser.read_button, Qt.MouseButton.LeftButton)
        assert window.browser.series_progress.words.text() == "Reading series: 1 of 3"
    assert ended.args == [3, 3]
    assert [len(words) for words in rows(window)] == [3, 3, 3]
    assert window.series.series == opened
    assert len(window.series.whole.readings) == 60
    assert window.browser.series_progress.isHidden()
    assert window.status.currentMessage() == "3 series read."
    with qtbot.waitSignal(window.browser.files_listed, timeout=PATIENCE):
        window.browser.show_files([tmp_path / "study"])  # known still
    assert [len(words) for words in rows(window)] == [3, 3, 3]
    window.series.leave()


def test_a_verdict_based_on_novel_slices_is_marked_in_the_list(window, qtbot, tmp_path):
    read(qtbot, window, write_head(tmp_path / "head.png"))
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    found = window.browser.found_series()[1]
    readings = tuple(SliceReading(n, (1.0, 0.0, 0.0, 0.0), novelty=1.5) for n in range(12))
    verdict = verdict_on(found, readings, window.pack.card)
    window.series_reading.finished.emit(
        found, SeriesOutcome(readings, is_whole=True, verdict=verdict)
    )
    assert rows(window)[1][-1].startswith("Glioma  \N{WARNING SIGN}")
    item = window.browser.series.topLevelItem(0).child(0).child(1)
    assert "All 3 deciding slices are unlike" in item.toolTip(0)
    window.series.leave()


def test_the_list_is_saved_without_names(window, qtbot, tmp_path, answer_dialog):
    read(qtbot, window, write_head(tmp_path / "head.png"))
    save = window.findChild(QAction, "save_list")
    assert not save.isEnabled()
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    assert save.isEnabled()
    with qtbot.waitSignal(window.series_reading.list_ended, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    answer_dialog("getSaveFileName", (str(tmp_path / "list.csv"), ""))
    press(qtbot, window, "save_list")
    qtbot.waitUntil((tmp_path / "list.csv").exists)
    words = (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(words.splitlines()))
    assert [(line["description"], line["slices"]) for line in lines] == [
        ("AX 1", "60"),
        ("AX 2", "12"),
        ("AX 3", "8"),
    ]
    assert "SECRET" not in words
    assert "path" not in lines[0]
    window.series.leave()


def test_verdicts_on_series_that_are_not_open_are_taken_back_where_files_changed(
    window, qtbot, tmp_path, qapp
):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    with qtbot.waitSignal(window.series_reading.list_ended, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    other = window.browser.found_series()[1].slices[3]
    os.utime(other.address.path, ns=(0, other.modified_ns + 2_000_000_000))
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: rows(window)[1][-1] == "Files changed")
    assert "Files changed" not in rows(window)[0] + rows(window)[2]
    assert window.series.whole.verdict is not None
    window.series.open(window.browser.found_series()[1])
    assert "have changed on the disk" in window.series.whole.card.sentence.text()
    window.series.leave()


def test_escape_stops_the_list_and_what_was_read_stays(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    read(qtbot, window, write_head(tmp_path / "head.png"))
    with qtbot.waitSignal(window.browser.files_listed, timeout=PATIENCE):
        window.browser.show_files([tmp_path / "study"])
    with qtbot.waitSignal(window.series_reading.list_ended, timeout=PATIENCE) as ended:
        press(qtbot, window, "read_folder")
        press(qtbot, window, "cancel")
    assert ended.args == [1, 3]
    assert [len(words) for words in rows(window)] == [3, 2, 2]
    assert window.status.currentMessage() == "1 of 3 series read."
    assert window.browser.series_progress.isHidden()


def test_an_open_series_that_was_stopped_is_taken_up_by_the_list_and_stopped_again(
    window, qtbot, tmp_path
):
    assert drop(window, [write_series(tmp_path / "study", 200)])
    card = window.series.whole.card
    for begin in (lambda: None, lambda: press(qtbot, window, "read_folder")):
        begin()
        with qtbot.waitSignal(window.series_reading.progressed, timeout=PATIENCE):
            pass
        assert card.is_running()
        press(qtbot, window, "cancel")
        assert not card.is_running()
        assert "of 200 slices were read" in card.sentence.text()
    assert window.browser.series_progress.isHidden()
    window.series.leave()


def test_another_list_ends_the_reading_of_the_one_before(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    with qtbot.waitSignal(window.series_reading.list_ended, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
        window.browser.show_files([write_head(tmp_path / "head.png")])
    assert window.browser.series_progress.isHidden()
    window.series.leave()


def test_a_verdict_on_what_the_model_does_not_know_is_marked_and_the_tip_says_why(
    window, qtbot, tmp_path
):
    folder = write_series(tmp_path / "study", 12)
    sorted(folder.iterdir())[4].unlink()
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [folder])
    item = window.browser.series.topLevelItem(0).child(0).child(0)
    assert item.text(0).splitlines()[-1].endswith("\N{WARNING SIGN}")
    assert "Slices may be missing" in item.toolTip(0)
    window.series.leave()


def test_without_a_model_it_says_so_and_nothing_is_being_read(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_study(tmp_path / "study")])
    press(qtbot, window, "read_folder")
    with qtbot.waitSignal(window.series_reading.list_ended):
        window.service.series_finished.emit(window.service.newest_series, "There is no model.")
    assert window.browser.series_progress.isHidden()
    window.series.leave()


def test_changed_files_stay_marked_when_another_model_reads(window, qtbot, tmp_path):
    assert drop(window, [write_series(tmp_path / "study", 12)])
    qtbot.waitUntil(lambda: window.series.whole.verdict is not None, timeout=PATIENCE)
    series = window.series.series
    window.series_reading.forget(series)
    window.series_list.set_model(window.pack.card)
    assert rows(window)[0][-1] == "Files changed"
    window.series.leave()

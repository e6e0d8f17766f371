"""The whole window with the small model in its real process: drops, keys and clicks."""

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from btgui.engine.model_library import ModelLibrary
from btgui.engine.model_pack import export_pack, write_pack
from btgui.engine.notifications import notify_exception
from btgui.engine.record_store import RecordStore
from btgui.engine.settings import Settings
from btgui.views.error_dialog import ErrorDialog
from btgui.views.help_dialogs import HelpDialog
from btgui.views.main_window import MainWindow
from btgui.workers.analysis_worker import AnalysisService
from tests.conftest import write_head
from tests.views.conftest import drop

PATIENCE = 60_000  # the network's process starts once for all tests here


@pytest.fixture(scope="module")
def library(tiny_pack, tmp_path_factory) -> ModelLibrary:
    return ModelLibrary(tiny_pack.folder.parent, tmp_path_factory.mktemp("user models"))


@pytest.fixture(scope="module")
def whole_window(qapp, library, tmp_path_factory):
    home = tmp_path_factory.mktemp("home of the window")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BTGUI_HOME", str(home))
        records = RecordStore(home / "readings.sqlite")
        window = MainWindow(AnalysisService(records), library, Settings(), records)
        window.resize(1280, 800)
        window.show()
        window.start()
        yield window
        window.close()


@pytest.fixture
def window(whole_window, qtbot):
    qtbot.waitUntil(lambda: whole_window.pack is not None, timeout=PATIENCE)
    whole_window.activateWindow()
    return whole_window


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "scans"
    place.mkdir()
    for number in range(3):
        write_head(place / f"{number}.png", seed=number)
    return place


def press(qtbot, window, name: str):
    """Press an action's own keys."""
    sequence = window.findChild(QAction, name).shortcut()[0]
    qtbot.keyClick(window, sequence.key(), sequence.keyboardModifiers())


def read(qtbot, window, path: Path):
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        assert drop(window, [path])


def test_a_dropped_scan_gets_its_verdict_and_five_stages(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    shown = window.analysis
    assert shown.scan.path == scan_file
    verdict = shown.prediction.display_names[shown.prediction.verdict_index]
    assert window.prediction.verdict_text() == verdict
    assert len(shown.explanation.stages) == 5
    assert window.page.name.text() == scan_file.name
    assert window.scan_view.outline_visible()
    assert all(picture.has_picture() for picture in window.preprocessing.pictures)


def test_a_dropped_folder_is_listed_its_first_scan_read_and_its_badge_set(window, qtbot, folder):
    read(qtbot, window, folder)
    assert [path.name for path in window.browser.files()] == ["0.png", "1.png", "2.png"]
    assert window.analysis.scan.path.name == "0.png"
    index = window.browser.model.index(0)
    assert window.prediction.verdict_text() in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert window.settings.recent_folders[0] == str(folder)


def test_keys_step_through_scans_and_stages(window, qtbot, folder):
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "next_scan")
    assert window.analysis.scan.path.name == "1.png"
    press(qtbot, window, "stage_2")
    assert window.gradcam.stage() == 2


def test_a_key_asks_why_not_another_class(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    before = window.analysis.explanation.target_index
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "next_target")
    assert window.analysis.explanation.target_index == (before + 1) % 4
    assert window.gradcam.target.currentText().startswith("Why not")


def test_keys_zoom_and_reset_and_mark_the_crop(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    width = window.scan_view._box.viewRect().width()
    press(qtbot, window, "zoom_in")
    assert window.scan_view._box.viewRect().width() < width
    press(qtbot, window, "reset_view")
    assert window.scan_view._box.viewRect().width() == pytest.approx(width)
    press(qtbot, window, "toggle_crop")
    assert not window.scan_view.outline_visible()
    press(qtbot, window, "toggle_crop")


def test_the_view_is_saved_as_a_picture(window, qtbot, scan_file, answer_dialog, tmp_path):
    read(qtbot, window, scan_file)
    answer_dialog("getSaveFileName", (str(tmp_path / "why.png"), ""))
    press(qtbot, window, "save_picture")
    assert cv2.imread(str(tmp_path / "why.png")).shape == (128, 128, 3)
    assert window.status.currentMessage() == "Saved why.png."


def test_a_damaged_file_gets_a_sentence_and_the_next_scan_is_read(
    window, qtbot, scan_file, tmp_path
):
    broken = tmp_path / "broken.png"
    broken.write_bytes(scan_file.read_bytes()[:200])
    with qtbot.waitSignal(window.service.scan_failed, timeout=PATIENCE):
        drop(window, [broken])
    assert window.prediction.verdict_text() == "Not read"
    assert "broken.png" in window.prediction.sentence_text()
    assert window.gradcam.isEnabled() is False
    read(qtbot, window, scan_file)
    assert window.prediction.verdict_text() != "Not read"


def test_text_that_is_dragged_over_is_not_taken(window):
    assert not drop(window, [])


def test_a_folder_is_read_with_its_failures_sorted_and_saved(
    window, qtbot, folder, answer_dialog, tmp_path
):
    (folder / "broken.png").write_bytes(b"no picture")
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    assert window.tabs.currentWidget() is window.folder_results
    assert window.folder_results.status.text() == "Done: 3 scans read, 1 could not be read."
    answer_dialog("getSaveFileName", (str(tmp_path / "results.csv"), ""))
    press(qtbot, window, "save_table")
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(bool(row["error"]) for row in rows) == [False, False, False, True]


def test_reading_a_folder_can_be_stopped(window, qtbot, tmp_path):
    for number in range(60):
        write_head(tmp_path / f"{number:02}.png", seed=number)
    window.browser.show_files([tmp_path])
    qtbot.waitUntil(lambda: len(window.browser.files()) == 60)
    with qtbot.waitSignal(window.service.folder_result, timeout=PATIENCE):
        press(qtbot, window, "read_folder")
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE) as finished:
        press(qtbot, window, "cancel")
    assert finished.args[0].stopped
    assert finished.args[0].read < 60
    assert window.folder_results.status.text().startswith("Stopped: ")


def test_another_model_reads_the_open_scan_again(
    window, qtbot, scan_file, tiny_pack, tmp_path, library
):
    read(qtbot, window, scan_file)
    card = replace(tiny_pack.card, id="other", name="Other model", temperature=3.0)
    other = write_pack(tmp_path / "other", card, tiny_pack.model_file)
    export_pack(other, tmp_path / "other.btmodel")
    before = max(window.analysis.prediction.probabilities)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        drop(window, [tmp_path / "other.btmodel"])
    assert window.analysis.model_id == "other"
    assert max(window.analysis.prediction.probabilities) < before  # a higher temperature
    assert window.models.choice.currentText() == "Other model"
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        qtbot.keyClick(window.models.choice, Qt.Key.Key_Up)
    assert window.analysis.model_id == "small"


def test_a_file_that_is_no_model_is_refused_with_a_reason(window, qtbot, tmp_path):
    (tmp_path / "bad.btmodel").write_bytes(b"nothing")
    drop(window, [tmp_path / "bad.btmodel"])
    qtbot.waitUntil(lambda: "bad.btmodel" in window.status.currentMessage())


@pytest.mark.parametrize(
    "name", ["help_reading", "help_data", "help_model", "help_limits", "help_keys"]
)
def test_every_help_page_opens_by_its_key(window, qtbot, name):
    press(qtbot, window, name)
    dialog = window.findChild(HelpDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_an_unexpected_error_opens_a_dialog_and_the_window_lives_on(window, qtbot, scan_file):
    notify_exception(RuntimeError("example"))
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog) is not None)
    dialog = window.findChild(ErrorDialog)
    assert "RuntimeError: example" in dialog.details.toPlainText()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    read(qtbot, window, scan_file)


def test_files_and_folders_are_opened_by_dialog(window, qtbot, folder, answer_dialog):
    answer_dialog("getOpenFileNames", ([str(folder / "2.png")], ""))
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "open_files")
    assert window.analysis.scan.path == folder / "2.png"
    answer_dialog("getExistingDirectory", str(folder))
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "open_folder")
    assert window.analysis.scan.path == folder / "0.png"


@pytest.mark.parametrize("size", [(1100, 700), (1920, 1080), (3840, 2160)])
def test_nothing_is_cut_off_from_small_to_large(window, size):
    window.tabs.setCurrentIndex(0)
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    for widget in (window.gradcam.target, window.gradcam.save, window.gradcam.legend):
        assert widget.width() >= widget.minimumSizeHint().width()
        right = widget.mapTo(window, widget.rect().bottomRight())
        assert right.x() <= size[0]
        assert right.y() <= size[1]

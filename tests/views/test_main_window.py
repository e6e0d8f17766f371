"""The whole window with the small model in its real process: drops, keys and clicks."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from operator import attrgetter

import cv2
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QStatusTipEvent
from PySide6.QtWidgets import QApplication

from btgui.engine.models.pack import export_pack, write_pack
from btgui.engine.notifications import notify_exception
from btgui.views.dialogs.error_dialog import ErrorDialog
from btgui.views.dialogs.help_dialogs import HelpDialog
from tests.conftest import write_head
from tests.views.conftest import PATIENCE, begin_reading, choose, drop, opens_a_list, press, read


def test_a_dropped_scan_gets_its_verdict_and_five_stages(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    shown = window.gradcam.analysis
    assert shown.scan.path == scan_file
    verdict = shown.prediction.display_names[shown.prediction.verdict_index]
    assert window.prediction._verdict.text() == verdict
    assert len(shown.explanation.stages) == 5
    assert window.page.name.text() == scan_file.name
    assert window.scan_view.outline_visible()
    window.tabs.setCurrentWidget(window.preprocessing)
    assert all(picture.has_picture() for picture in window.preprocessing.pictures)
    window.tabs.setCurrentWidget(window.page)


@opens_a_list
def test_by_mouse_alone_a_scan_is_dropped_explained_and_saved(
    window, qtbot, scan_file, answer_dialog, tmp_path
):
    viewer = window.gradcam
    read(qtbot, window, scan_file, viewer.large)
    qtbot.mouseClick(viewer.strip.pictures[3], Qt.MouseButton.LeftButton)
    assert viewer.large.toolTip() == "Stage 3"
    other = next(n for n in range(4) if n != window.gradcam.analysis.prediction.verdict_index)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        choose(qtbot, viewer.target, viewer.target.itemText(other))
    assert window.gradcam.analysis.explanation.target_index == other
    assert viewer.stage() == 3
    answer_dialog("getSaveFileName", (str(tmp_path / "why not.png"), ""))
    qtbot.mouseClick(viewer.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "why not.png").exists)
    assert (cv2.imread(str(tmp_path / "why not.png"))[:, :, ::-1] == viewer._pixels(3)).all()


@pytest.mark.parametrize(
    "part", ["scan_view._graphics", "browser.list", "browser.tree", "prediction", "models.choice"]
)
def test_a_scan_can_be_dropped_on_every_part_of_the_window(window, qtbot, scan_file, part):
    widget = attrgetter(part)(window)
    read(qtbot, window, scan_file, widget.viewport() if hasattr(widget, "viewport") else widget)
    assert window.page.name.text() == scan_file.name
    assert window.gradcam.analysis.scan.path == scan_file


def test_a_dropped_folder_is_listed_its_first_scan_read_and_its_badge_set(window, qtbot, folder):
    read(qtbot, window, folder)
    assert [path.name for path in window.browser.files()] == ["0.png", "1.png", "2.png"]
    assert window.gradcam.analysis.scan.path.name == "0.png"
    index = window.browser.list.scans.index(0)
    assert window.prediction._verdict.text() in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert window.kept.now.recent_folders[0] == str(folder)


@pytest.mark.parametrize("stopped", [True, False])
def test_a_folder_of_the_tree_is_only_listed_after_a_search_that_came_to_no_end(
    window, qtbot, scan_file, folder, monkeypatch, stopped
):
    read(qtbot, window, scan_file)
    with monkeypatch.context() as patch:
        patch.setattr(window.browser.indexing, "start", lambda _places: None)  # a slow drive
        assert drop(window, [folder])
    if stopped:
        press(qtbot, window, "cancel")
    with qtbot.waitSignal(window.browser.files_listed):
        window.browser.tree.folder_chosen.emit(folder)  # as a click does
    assert len(window.browser.files()) == 3
    assert window.page.name.text() == scan_file.name
    assert window.gradcam.analysis.scan.path == scan_file


def test_keys_step_through_scans_and_stages(window, qtbot, folder):
    read(qtbot, window, folder)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "next_scan")
    assert window.gradcam.analysis.scan.path.name == "1.png"
    press(qtbot, window, "stage_2")
    assert window.gradcam.stage() == 2


def test_a_key_asks_why_not_another_class(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    before = window.gradcam.analysis.explanation.target_index
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "next_target")
    assert window.gradcam.analysis.explanation.target_index == (before + 1) % 4
    assert window.gradcam.target.currentText().startswith("Signs of ")


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


def test_the_space_bar_plays_the_stages_unless_it_presses_what_has_the_focus(
    window, qtbot, scan_file
):
    read(qtbot, window, scan_file)
    viewer = window.gradcam
    for focused, contours, playing in (
        (viewer.look.contours, True, False),
        (viewer.look.contours, False, False),
        (window.browser.list, False, True),
        (window.browser.list, False, False),
    ):
        focused.setFocus()
        qtbot.keyClick(focused, Qt.Key.Key_Space)
        assert (viewer.look.contours.isChecked(), viewer.play.isChecked()) == (contours, playing)


def test_the_view_is_saved_as_a_picture(window, qtbot, scan_file, answer_dialog, tmp_path):
    read(qtbot, window, scan_file)
    answer_dialog("getSaveFileName", (str(tmp_path / "why.png"), ""))
    press(qtbot, window, "save_picture")
    qtbot.waitUntil(lambda: window.status.currentMessage() == "Saved why.png.")
    assert cv2.imread(str(tmp_path / "why.png")).shape == (128, 128, 3)


def test_a_damaged_file_gets_a_sentence_and_the_next_scan_is_read(
    window, qtbot, scan_file, tmp_path
):
    broken = tmp_path / "broken.png"
    broken.write_bytes(scan_file.read_bytes()[:200])
    with qtbot.waitSignal(window.service.scan_failed, timeout=PATIENCE):
        drop(window, [broken])
    assert window.prediction._verdict.text() == "Not read"
    assert "broken.png" in window.prediction.sentence.text()
    assert window.gradcam.large.text() == "No heatmaps: the scan could not be read."
    assert window.gradcam.isEnabled() is False
    read(qtbot, window, scan_file)
    assert window.prediction._verdict.text() != "Not read"


def test_text_that_is_dragged_over_is_not_taken(window):
    assert not drop(window, [])


def test_another_model_stops_the_folder_and_reads_the_open_scan_again(
    window, qtbot, scan_file, tiny_pack, tmp_path
):
    read(qtbot, window, scan_file)
    card = replace(tiny_pack.card, id="other", name="Other model", temperature=3.0)
    other = write_pack(tmp_path / "other", card, tiny_pack.model_file)
    export_pack(other, tmp_path / "other.btmodel")
    before = max(window.gradcam.analysis.prediction.probabilities)
    (tmp_path / "many").mkdir()
    begin_reading(qtbot, window, tmp_path / "many")
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        drop(window, [tmp_path / "other.btmodel"])
    assert window.gradcam.analysis.model_id == "other"
    assert max(window.gradcam.analysis.prediction.probabilities) < before  # a higher temperature
    assert window.models.choice.currentText() == "Other model"
    stopped = window.folder_results.status.text()
    assert stopped.startswith("Stopped by the change of model: ")
    assert stopped.endswith(" read by Small test model. Read them again.")
    assert not window.folder_results.running()
    assert window.tabs.currentWidget() is window.folder_results  # where the reader was


@contextmanager
def network_dies(window, qtbot):
    """Kill the network's process during a request: if it were idle, it would be restarted."""
    runtime, asked = window.service._worker.model.process, threading.Event()
    network, send = psutil.Process(runtime._process.pid), runtime._send

    def send_and_tell(*request):
        send(*request)
        asked.set()

    network.suspend()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "_send", send_and_tell)
        yield
        qtbot.waitUntil(asked.is_set, timeout=PATIENCE)
    network.kill()


def test_when_the_network_s_process_dies_the_reason_takes_the_verdict_s_place(
    window, qtbot, scan_file, tmp_path
):
    read(qtbot, window, scan_file)
    other = write_head(tmp_path / "other.png", seed=1)
    failed = qtbot.waitSignal(window.service.analysis_failed, timeout=PATIENCE)
    with failed, network_dies(window, qtbot):
        window.open_scan(other)
    assert "stopped unexpectedly" in window.prediction.sentence.text()
    assert window.scan_view.scan.path == other  # it was read: it and its measures stay
    assert window.gradcam.analysis is None
    assert not window.gradcam.isEnabled()
    assert window.gradcam.large.text() == "No heatmaps: the scan could not be analysed."


def test_heatmaps_that_fail_leave_the_verdict_and_the_scan_and_can_be_asked_for_again(
    window, qtbot, scan_file
):
    read(qtbot, window, scan_file)
    verdict = window.prediction._verdict.text()
    failed = qtbot.waitSignal(window.service.explanation_failed, timeout=PATIENCE)
    with failed, network_dies(window, qtbot):
        press(qtbot, window, "next_target")
        assert window.gradcam.large.text() == "Computing the heatmaps …"
    assert "stopped unexpectedly" in window.gradcam.large.text()
    assert window.prediction._verdict.text() == verdict
    assert window.scan_view.scan is not None
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "next_target")
    assert window.gradcam.large.has_picture()


@opens_a_list
def test_a_model_that_is_refused_says_why_until_another_is_chosen(
    window, qtbot, scan_file, tiny_pack, tmp_path
):
    card = replace(tiny_pack.card, id="damaged", name="Damaged model")
    made = write_pack(tmp_path / "made", card, tiny_pack.model_file)
    damaged = window.library.import_model(made.folder)
    damaged.model_file.write_bytes(b"cut off")
    window.models.set_models(window.library.models())
    with qtbot.waitSignal(window.service.model_failed, timeout=PATIENCE):
        choose(qtbot, window.models.choice, "Damaged model")
    with qtbot.waitSignal(window.service.scan_loaded, timeout=PATIENCE):
        drop(window, [scan_file])
    assert "changed or damaged" in window.prediction.sentence.text()
    assert "changed or damaged" in window.messages.bar.text.text()
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        choose(qtbot, window.models.choice, "Small test model")
    assert (window.gradcam.analysis.scan.path, window.gradcam.analysis.model_id) == (
        scan_file,
        "small",
    )
    assert not window.messages.bar.isVisible()


def test_a_scan_that_was_opened_just_before_is_shown_where_the_model_then_fails(
    window, qtbot, scan_file, tiny_pack, tmp_path
):
    read(qtbot, window, scan_file)
    card = replace(tiny_pack.card, id="cut-off", name="Cut off model")
    made = write_pack(tmp_path / "made", card, tiny_pack.model_file)
    damaged = window.library.import_model(made.folder)
    damaged.model_file.write_bytes(b"cut off")
    other = write_head(tmp_path / "other.png", seed=8)
    with qtbot.waitSignal(window.service.model_failed, timeout=PATIENCE):
        window.open_scan(other)
        window.use_model(damaged)
    qtbot.waitUntil(lambda: window.scan_view.scan.path == other, timeout=PATIENCE)
    assert "changed or damaged" in window.prediction.sentence.text()
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        window.use_model(tiny_pack)
    assert window.gradcam.analysis.scan.path == other


def test_a_file_that_is_no_model_is_refused_with_a_reason(window, qtbot, tmp_path):
    (tmp_path / "bad.btmodel").write_bytes(b"nothing")
    drop(window, [tmp_path / "bad.btmodel"])
    qtbot.waitUntil(lambda: "bad.btmodel is not a readable" in window.messages.bar.text.text())
    qtbot.mouseClick(window.messages.bar.close_button, Qt.MouseButton.LeftButton)
    assert not window.messages.bar.isVisible()


def test_a_picture_that_was_not_saved_is_told_until_the_user_has_read_it(
    window, qtbot, scan_file, answer_dialog, tmp_path
):
    read(qtbot, window, scan_file)
    answer_dialog("getSaveFileName", (str(tmp_path / "gone" / "why.png"), ""))
    qtbot.mouseClick(window.gradcam.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.messages.bar.isVisible)
    invert = window.findChild(QAction, "invert")
    invert.hover()  # its help goes to the status bar, in place of what is there
    QApplication.sendEvent(window, QStatusTipEvent(invert.statusTip() or invert.toolTip()))
    assert window.messages.bar.isVisible()
    assert "why.png" in window.messages.bar.text.text()
    qtbot.mouseClick(window.messages.bar.close_button, Qt.MouseButton.LeftButton)
    assert not window.messages.bar.isVisible()


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
    assert window.gradcam.analysis.scan.path == folder / "2.png"
    answer_dialog("getExistingDirectory", str(folder))
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        press(qtbot, window, "open_folder")
    assert window.gradcam.analysis.scan.path == folder / "0.png"


@pytest.mark.parametrize("size", [(1100, 700), (1920, 1080), (3840, 2160)])
def test_nothing_is_cut_off_from_small_to_large(window, size):
    window.tabs.setCurrentIndex(0)
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    for widget in (window.gradcam.target, window.gradcam.save, window.gradcam.look.legend):
        assert widget.width() >= widget.minimumSizeHint().width()
        right = widget.mapTo(window, widget.rect().bottomRight())
        assert right.x() <= size[0]
        assert right.y() <= size[1]


@pytest.mark.parametrize("another", ["model", "scan"])
def test_who_looks_at_the_preprocessing_stays_there(window, qtbot, folder, another):
    read(qtbot, window, folder)
    window.tabs.setCurrentWidget(window.preprocessing)
    with qtbot.waitSignal(window.service.prediction_ready, timeout=PATIENCE):
        if another == "scan":
            press(qtbot, window, "next_scan")
        else:
            window.use_model(window.pack)
    assert window.tabs.currentWidget() is window.preprocessing


def test_a_file_that_cannot_be_looked_into_takes_the_place_of_the_scan_before(
    window, qtbot, scan_file, tmp_path
):
    read(qtbot, window, scan_file)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    with qtbot.waitSignal(window.browser.files_listed, timeout=PATIENCE):
        drop(window, [broken])
    assert window.page.name.text() == "broken.zip"
    assert window.prediction._verdict.text() == "Not read"
    assert window.browser.heading.text() == "No scans found"
    assert window.scan_view.scan is None


def test_at_any_size_of_letters_no_part_covers_another(window, qtbot, scan_file):
    read(qtbot, window, scan_file)
    font = window.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    window.setFont(font)
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: window.width() >= window.minimumSizeHint().width())
    scan, heat = window.page.scan_view, window.gradcam
    right = scan.mapTo(window, scan.rect().topRight()).x()
    assert right < heat.mapTo(window, heat.rect().topLeft()).x()


def test_the_window_stays_where_measuring_is_not_to_be_stopped(window, monkeypatch):
    monkeypatch.setattr(window.measuring, "may_close", lambda: False)
    assert not window.close()
    assert window.isVisible()

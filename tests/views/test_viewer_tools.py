"""The viewer's actions in the whole window, by their keys."""

from dataclasses import replace

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from btgui.engine.paths import user_data_folder
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.settings import Settings, load_settings, update_settings
from btgui.views.scan_toolbar import ScanToolbar
from btgui.views.scan_view.measuring_tool import ANGLE, RULER
from tests.views.conftest import press, read

# Said by the offscreen platform when a window is brought to the front.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def open_window(window, qtbot, scan_file):
    """The window with a scan that names a patient."""
    read(qtbot, window, scan_file)
    window.scan_view.show_scan(
        replace(
            window.gradcam.analysis.scan,
            header={"PatientName (0010,0010)": "DOE^JANE", "Modality (0008,0060)": "MR"},
            header_patient=frozenset({"PatientName (0010,0010)"}),
        )
    )
    return window


def checked(window, name: str) -> bool:
    return window.findChild(QAction, name).isChecked()


def test_keys_choose_windows_and_reset(open_window, qtbot):
    view = open_window.scan_view
    windows = {preset.name: preset.window for preset in view.presets()}
    for name in ("automatic", "full", "soft", "narrow", "file"):
        press(qtbot, open_window, f"window_{name}")
        assert view.greys.window == windows[name]


def test_keys_turn_flip_and_invert_until_reset(open_window, qtbot):
    view = open_window.scan_view
    press(qtbot, open_window, "rotate")
    assert view.turn == PictureTurn(quarters=1)
    press(qtbot, open_window, "flip_across")
    press(qtbot, open_window, "flip_down")
    assert view.turn == PictureTurn(quarters=3)
    press(qtbot, open_window, "invert")
    assert view.greys.inverted
    assert checked(open_window, "invert")
    press(qtbot, open_window, "reset_view")
    assert view.turn == PictureTurn()
    assert not checked(open_window, "invert")


def test_one_tool_at_a_time_and_its_key_ends_it(open_window, qtbot):
    tool = open_window.scan_view.measuring
    press(qtbot, open_window, "ruler")
    assert (tool.tool, checked(open_window, "ruler")) == (RULER, True)
    press(qtbot, open_window, "angle")
    assert (tool.tool, checked(open_window, "ruler")) == (ANGLE, False)
    press(qtbot, open_window, "angle")
    assert tool.tool == ""
    press(qtbot, open_window, "magnify")
    assert open_window.scan_view.magnifies()
    press(qtbot, open_window, "magnify")
    assert not open_window.scan_view.magnifies()


def test_menus_tick_what_is_on(open_window, qtbot):
    assert checked(open_window, "toggle_crop")
    press(qtbot, open_window, "toggle_crop")
    assert not checked(open_window, "toggle_crop")
    assert not open_window.scan_view.outline_visible()
    for expected in (True, False):
        press(qtbot, open_window, "contours")
        assert checked(open_window, "contours") is expected
        assert open_window.gradcam.look.contours.isChecked() is expected
    open_window.gradcam.look.contours.click()
    assert checked(open_window, "contours")


def test_one_key_hides_the_patient_everywhere_and_it_is_remembered(open_window, qtbot):
    view = open_window.scan_view
    press(qtbot, open_window, "header")
    panel = open_window.viewer.header
    assert ("PatientName (0010,0010)", "DOE^JANE") in panel.shown()
    open_window.activateWindow()
    press(qtbot, open_window, "hide_patient")
    assert view.corners.top_left == ()
    assert "hidden" in open_window.status.currentMessage()
    assert panel.shown() == [("Modality (0008,0060)", "MR")]
    assert load_settings(user_data_folder()).patient_hidden
    press(qtbot, open_window, "hide_patient")
    assert view.corners.top_left == ("DOE, JANE",)
    assert "hidden" not in open_window.status.currentMessage()  # it would stay for seconds
    panel.close()


def test_the_patient_is_hidden_where_another_window_hides_them_and_shown_by_this_one_alone(
    open_window, qtbot
):
    view = open_window.scan_view
    open_window.kept.change(sample_shown=True)
    for hidden in (True, False):
        with qtbot.waitSignal(open_window.kept.changed):
            update_settings(
                user_data_folder(),
                lambda now, to=hidden: replace(now, patient_hidden=to),
                Settings(),
            )
        assert view.corners.top_left == ()
        assert checked(open_window, "hide_patient")
    press(qtbot, open_window, "hide_patient")
    assert view.corners.top_left == ("DOE, JANE",)


def test_the_keys_of_a_window_that_is_open_bring_one_into_it(open_window, qtbot):
    for name, attribute in (("header", "header"), ("compare_scans", "compare")):
        for _ in range(2):
            open_window.activateWindow()
            qtbot.waitUntil(open_window.isActiveWindow)
            press(qtbot, open_window, name)
            other = getattr(open_window.viewer, attribute)
            qtbot.waitUntil(other.isActiveWindow)
        other.close()


def test_one_key_takes_all_text_off_the_scan(open_window, qtbot):
    press(qtbot, open_window, "hide_text")
    assert not open_window.scan_view.text_visible()
    assert checked(open_window, "hide_text")
    press(qtbot, open_window, "hide_text")
    assert open_window.scan_view.text_visible()


def test_by_tab_one_comes_from_the_tabs_to_the_tools_and_then_to_the_scan(open_window, qtbot):
    tools = open_window.findChild(ScanToolbar)
    seen = [one for one in (tools.windows, *tools.buttons.values()) if one.isVisible()]
    open_window.tabs.tabBar().setFocus()
    for expected in (*seen, open_window.scan_view.canvas):
        qtbot.keyClick(open_window.focusWidget(), Qt.Key.Key_Tab)
        assert open_window.focusWidget() is expected


def test_a_saved_picture_never_names_the_patient(open_window, qtbot, answer_dialog, tmp_path):
    assert open_window.scan_view.corners.top_left == ("DOE, JANE",)
    answer_dialog("getSaveFileName", (str(tmp_path / "saved.png"), ""))
    press(qtbot, open_window, "save_picture")
    qtbot.waitUntil((tmp_path / "saved.png").exists)
    saved = cv2.imread(str(tmp_path / "saved.png"))[:, :, ::-1]
    stage = open_window.gradcam.stage()
    assert (saved == open_window.gradcam._pixels(stage)).all()  # computed pixels, no screen
    assert b"DOE" not in (tmp_path / "saved.png").read_bytes()


def test_the_header_follows_the_open_scan(open_window, qtbot):
    press(qtbot, open_window, "header")
    open_window.scan_view.clear()
    assert open_window.viewer.header.note.text() == "No scan is open."
    open_window.viewer.header.close()
    open_window.activateWindow()


def test_chosen_keys_work_at_once_and_are_kept(open_window, qtbot):
    press(qtbot, open_window, "change_keys")
    dialog = open_window.viewer.keys
    dialog.search.setText("invert")
    row = next(
        n
        for n in range(dialog.list.topLevelItemCount())
        if dialog.list.topLevelItem(n).text(0) == "Invert"
    )
    dialog.list.setCurrentItem(dialog.list.topLevelItem(row))
    dialog.edit.setFocus()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: load_settings(user_data_folder()).keys == {"invert": "N"})
    dialog.close()
    open_window.activateWindow()
    qtbot.keyClick(open_window, Qt.Key.Key_N)
    assert open_window.scan_view.greys.inverted
    assert open_window.findChild(QAction, "invert").shortcut() == QKeySequence("N")
    open_window.kept.change(keys={"invert": "N", "play": "P"})
    assert open_window.gradcam.play.toolTip() == "Show the stages one after the other (P)."
    press(qtbot, open_window, "change_keys")
    again = open_window.viewer.keys
    qtbot.mouseClick(again.all_defaults, Qt.MouseButton.LeftButton)
    assert load_settings(user_data_folder()).keys == {}
    again.close()
    open_window.activateWindow()


def test_keys_that_another_window_chose_work_here_and_stay_when_others_are_chosen(
    open_window, qtbot
):
    press(qtbot, open_window, "change_keys")
    dialog = open_window.viewer.keys
    dialog.search.setText("Ruler")
    dialog.edit.setFocus()
    qtbot.keyClick(dialog.edit, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: load_settings(user_data_folder()).keys == {"ruler": "J"})
    with qtbot.waitSignal(open_window.kept.changed):
        update_settings(
            user_data_folder(),
            lambda now: replace(now, keys={**now.keys, "invert": "N"}),
            Settings(),
        )
    qtbot.keyClick(dialog.edit, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: "N is taken by “Invert”" in dialog.message.text())
    qtbot.keyClick(dialog.edit, Qt.Key.Key_U)
    both = {"ruler": "U", "invert": "N"}
    qtbot.waitUntil(lambda: load_settings(user_data_folder()).keys == both)
    dialog.close()
    open_window.activateWindow()
    qtbot.keyClick(open_window, Qt.Key.Key_N)
    assert open_window.scan_view.greys.inverted
    open_window.kept.change(keys={})


def test_the_open_scan_is_compared_with_the_next_of_the_list(window, qtbot, folder):
    read(qtbot, window, folder)
    press(qtbot, window, "compare_scans")
    panes = window.viewer.compare.panes
    qtbot.waitUntil(lambda: all(pane.view.scan is not None for pane in panes[:2]))
    assert [pane.stack.title for pane in panes[:2]] == ["0.png", "1.png"]
    assert all(pane.view.patient_visible() for pane in panes)
    with qtbot.waitActive(window.viewer.compare):
        window.viewer.compare.activateWindow()
    qtbot.keyClick(window.viewer.compare, Qt.Key.Key_H)  # the same key hides the patient here
    assert not any(pane.view.patient_visible() for pane in panes)
    assert not window.scan_view.patient_visible()
    qtbot.keyClick(window.viewer.compare, Qt.Key.Key_H)
    window.viewer.compare.close()
    window.activateWindow()

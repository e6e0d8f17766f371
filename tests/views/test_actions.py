import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from btgui.views import actions
from btgui.views.actions import ACTIONS, keys_in_use, set_keys, shortcuts
from tests.views.conftest import opens_a_list


@pytest.fixture
def window(noting_window):
    return noting_window


def test_every_action_has_keys_of_its_own_and_a_tooltip(window):
    keys = [text.keys for text in ACTIONS]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    for text in ACTIONS:
        action = window.findChild(QAction, text.name)
        assert not action.shortcut().isEmpty()
        assert text.keys in action.toolTip()


def test_every_action_is_in_a_menu_and_calls_its_handler(window):
    for menu in (action.menu() for action in window.menuBar().actions()):
        for action in menu.actions():
            action.trigger()
    assert sorted(window.called) == sorted(text.name for text in ACTIONS)


def test_macos_moves_no_action_but_quit_to_another_menu(window):
    roles = {text.name: window.findChild(QAction, text.name).menuRole() for text in ACTIONS}
    assert roles.pop("quit") == QAction.MenuRole.QuitRole
    assert set(roles.values()) == {QAction.MenuRole.NoRole}


@opens_a_list
def test_every_menu_opens_by_alt_and_its_letter(window, qtbot):
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for menu in (action.menu() for action in window.menuBar().actions()):
        letter = menu.title().removeprefix("&")[0]
        qtbot.keyClick(window, letter, Qt.KeyboardModifier.AltModifier)
        assert QApplication.activePopupWidget() is menu
        menu.close()


def test_the_list_of_keys_is_complete(window):
    assert len(shortcuts(window)) == len(ACTIONS)


def test_the_user_s_own_keys_take_effect_at_once_and_can_be_taken_back(window, qtbot):
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    set_keys(window, {"invert": "N", "quit": ""})
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.called == ["invert"]
    assert window.findChild(QAction, "invert").toolTip() == "Swap black and white (N)."
    assert window.findChild(QAction, "quit").shortcut().isEmpty()
    assert "()" not in window.findChild(QAction, "quit").toolTip()
    assert ("Invert: Swap black and white", "N") in shortcuts(window)
    set_keys(window, {})
    assert window.findChild(QAction, "quit").shortcut() == QKeySequence("Ctrl+Q")


def test_a_key_that_the_user_took_is_no_other_action_s_default():
    keys = keys_in_use({"invert": "ctrl+q"})
    assert keys["invert"] == "ctrl+q"
    assert keys["quit"] == ""
    assert keys["play"] == "Space"


def test_no_keys_are_named_in_sentences_that_cannot_follow_them():
    """Shortcuts can be changed: only menus, and tooltips that follow a change, may name them."""
    views = Path(actions.__file__).parent
    keys = {text.keys for text in ACTIONS if text.keys.startswith("Ctrl+")}
    found = {
        (file.name, word)
        for file in views.rglob("*.py")
        if file.name != "actions.py"
        for word in re.findall(r"Ctrl\+(?:Shift\+)?[A-Z0-9]\b", file.read_text(encoding="utf-8"))
        if word in keys
    }
    assert not found


def test_what_belongs_together_in_the_file_menu_stands_together(window):
    menu = window.menuBar().actions()[0].menu()
    groups = " ".join(action.objectName() or "|" for action in menu.actions()).split(" | ")
    assert [group.split() for group in groups] == [
        ["open_files", "open_folder", "open_sample"],
        ["read_folder", "cancel"],
        ["save_picture", "save_dicom", "save_report", "print_report"],
        ["save_table", "save_list"],
        ["copy_picture", "copy_scan"],
        ["quit"],
    ]

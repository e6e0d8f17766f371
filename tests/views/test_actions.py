import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from btgui.views.actions import ACTIONS, add_actions, shortcuts


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.called = []
    add_actions(
        window, {text.name: lambda n=text.name: window.called.append(n) for text in ACTIONS}
    )
    return window


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


def test_the_list_of_keys_is_complete():
    assert len(shortcuts()) == len(ACTIONS)

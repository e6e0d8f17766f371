import pytest
from PySide6.QtCore import Qt

from btgui.views.actions import ACTIONS
from btgui.views.dialogs.keys_dialog import KeysDialog
from btgui.views.theme import apply_theme

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def themed(qapp):
    apply_theme(qapp)


@pytest.fixture
def dialog(qtbot):
    dialog = KeysDialog({"contours": "Ctrl+J"})
    qtbot.addWidget(dialog)
    dialog.told = []
    dialog.keys_changed.connect(dialog.told.append)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    return dialog


def choose(dialog, name: str):
    row = [text.name for text in ACTIONS].index(name)
    dialog.list.setCurrentItem(dialog.list.topLevelItem(row))


def keys_of(dialog, name: str) -> str:
    row = [text.name for text in ACTIONS].index(name)
    return dialog.list.topLevelItem(row).text(2)


def press(qtbot, dialog, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press keys into the field, which takes them when it sees that no more follow."""
    dialog.edit.setFocus()
    with qtbot.waitSignal(dialog.edit.editingFinished):
        qtbot.keyClick(dialog.edit, key, modifier)


def test_all_actions_are_listed_with_the_keys_in_use(dialog):
    assert dialog.list.topLevelItemCount() == len(ACTIONS)
    assert keys_of(dialog, "invert") == "I"
    assert keys_of(dialog, "contours") == "Ctrl+J"


@pytest.mark.usefixtures("themed")
def test_all_rows_are_as_high_as_the_theme_sets_them(request):
    shown = request.getfixturevalue("dialog").list
    heights = {
        shown.visualItemRect(shown.topLevelItem(row)).height()
        for row in range(shown.topLevelItemCount())
    }
    assert heights == {shown.fontMetrics().height() + 4}


def test_pressed_keys_are_taken_at_once(dialog, qtbot):
    choose(dialog, "invert")
    press(qtbot, dialog, Qt.Key.Key_B, CTRL)
    assert keys_of(dialog, "invert") == "Ctrl+B"
    assert dialog.told == [{"contours": "Ctrl+J", "invert": "Ctrl+B"}]
    assert dialog.message.text() == "Invert: Ctrl+B."


def test_keys_of_another_action_are_refused_with_its_name(dialog, qtbot):
    choose(dialog, "invert")
    press(qtbot, dialog, Qt.Key.Key_O, CTRL)
    assert keys_of(dialog, "invert") == "I"
    assert dialog.told == []
    assert "Ctrl+O is taken by “Open scans”" in dialog.message.text()
    assert dialog.edit.keySequence().toString() == "I"
    press(qtbot, dialog, Qt.Key.Key_J, CTRL)  # a key that the user gave away is taken too
    assert "taken by “Contours”" in dialog.message.text()


def test_keys_that_the_window_needs_are_refused(dialog, qtbot):
    choose(dialog, "invert")
    press(qtbot, dialog, Qt.Key.Key_Return)
    assert "cannot be given" in dialog.message.text()
    assert dialog.told == []


def test_an_action_can_be_without_keys_and_get_its_default_again(dialog, qtbot):
    choose(dialog, "invert")
    qtbot.mouseClick(dialog.none, Qt.MouseButton.LeftButton)
    assert dialog.told[-1]["invert"] == ""
    assert keys_of(dialog, "invert") == ""
    qtbot.mouseClick(dialog.default, Qt.MouseButton.LeftButton)
    assert "invert" not in dialog.told[-1]
    assert keys_of(dialog, "invert") == "I"


def test_keys_that_open_a_menu_are_refused(dialog, qtbot):
    choose(dialog, "invert")
    press(qtbot, dialog, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert keys_of(dialog, "invert") == "I"
    assert dialog.message.text() == "Alt+F opens the menu File. Choose other keys."


def test_a_default_that_is_taken_meanwhile_is_refused(dialog, qtbot):
    choose(dialog, "invert")
    qtbot.mouseClick(dialog.none, Qt.MouseButton.LeftButton)
    choose(dialog, "ruler")
    press(qtbot, dialog, Qt.Key.Key_I)
    assert keys_of(dialog, "ruler") == "I"
    choose(dialog, "invert")
    qtbot.mouseClick(dialog.default, Qt.MouseButton.LeftButton)
    assert "taken by “Ruler”" in dialog.message.text()


def test_all_defaults_come_back(dialog, qtbot):
    qtbot.mouseClick(dialog.all_defaults, Qt.MouseButton.LeftButton)
    assert dialog.told == [{}]
    assert keys_of(dialog, "contours") == "K"


def test_the_list_is_searched_by_name_and_by_keys(dialog, qtbot):
    qtbot.keyClicks(dialog.search, "ctrl+j")
    seen = [
        dialog.list.topLevelItem(row).text(0)
        for row in range(dialog.list.topLevelItemCount())
        if not dialog.list.topLevelItem(row).isHidden()
    ]
    assert seen == ["Contours"]


def test_keys_go_to_an_action_that_is_seen(dialog, qtbot):
    choose(dialog, "invert")
    qtbot.keyClicks(dialog.search, "contours")
    press(qtbot, dialog, Qt.Key.Key_B, CTRL)
    assert dialog.told == [{"contours": "Ctrl+B"}]
    qtbot.keyClicks(dialog.search, " there is none")
    press(qtbot, dialog, Qt.Key.Key_G, CTRL)
    assert dialog.told == [{"contours": "Ctrl+B"}]
    dialog.search.clear()
    assert dialog.list.currentItem() is not None

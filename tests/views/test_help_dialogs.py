import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from btgui.views.help_dialogs import HelpDialog, help_page, shortcuts_page, show_help


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reading", "not an outline"),
        ("data", "992 of the 1,311 test images are copies"),
        ("limits", "Not a medical device"),
    ],
)
def test_each_page_ships_and_says_the_essential(qtbot, name, words):
    dialog = HelpDialog("Help", help_page(name))
    qtbot.addWidget(dialog)
    assert words in dialog.page.toPlainText()


def test_the_keys_are_listed():
    page = shortcuts_page([("Zoom in", "Ctrl++")])
    assert "Zoom in" in page
    assert "Ctrl++" in page


def test_without_a_model_that_is_ready_its_page_says_so_and_what_to_do(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    show_help(parent, "model", None)
    (dialog,) = parent.findChildren(HelpDialog)
    assert dialog.isVisible()
    assert "No model is ready" in dialog.page.toPlainText()
    assert "Models, Import model" in dialog.page.toPlainText()


def test_escape_closes_it(qtbot):
    dialog = HelpDialog("Help", "<p>text</p>")
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

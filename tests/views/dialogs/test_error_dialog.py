from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel

from btgui.views.dialogs.error_dialog import ErrorDialog
from tests.views.conftest import shown_plainly


def test_it_says_what_went_wrong_and_shows_the_details(qtbot):
    dialog = ErrorDialog("It broke.", "Traceback: line 1")
    qtbot.addWidget(dialog)
    assert "It broke." in [label.text() for label in dialog.findChildren(QLabel)]
    assert dialog.details.toPlainText() == "Traceback: line 1"
    assert dialog.details.isReadOnly()


def test_a_file_s_name_in_the_message_is_shown_as_it_is_written(qtbot):
    dialog = ErrorDialog("<b>1</b>.jpg could not be analysed.", "")
    qtbot.addWidget(dialog)
    message = next(label for label in dialog.findChildren(QLabel) if "jpg" in label.text())
    assert shown_plainly(message)


def test_the_details_can_be_copied(qtbot):
    dialog = ErrorDialog("It broke.", "Traceback: line 1")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It broke.\n\nTraceback: line 1"


def test_other_errors_are_counted_and_their_details_added(qtbot):
    dialog = ErrorDialog("It broke.", "Traceback: line 1")
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.count.isVisible()
    dialog.add("That broke too.", "Traceback: line 2")
    dialog.add("It broke.", "Traceback: line 1")
    assert dialog.count.text() == "Errors so far: 3, with 2 different details."
    words = "It broke.\nTraceback: line 1\n\nThat broke too.\nTraceback: line 2"
    assert dialog.details.toPlainText() == words
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == f"It broke.\n{dialog.count.text()}\n\n{words}"


def test_a_flood_of_different_errors_does_not_fill_the_memory(qtbot):
    dialog = ErrorDialog("It broke.", "0")
    qtbot.addWidget(dialog)
    for number in range(1, 100):
        dialog.add("It broke.", str(number))
    assert "100 with 100" in dialog.count.text().replace(",", "")
    assert "50" not in dialog.details.toPlainText()


def test_close_closes_it(qtbot):
    dialog = ErrorDialog("It broke.", "")
    dialog.show()
    close = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)

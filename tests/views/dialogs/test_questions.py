import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from btgui.views.dialogs.questions import ask_to_discard


@pytest.mark.parametrize("answer", ["Discard", "Cancel"])
def test_it_is_done_only_on_a_clear_yes(qtbot, answer):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    done = []
    ask_to_discard(parent, "Discard it", "Really?", lambda: done.append(True))
    question = parent.findChild(QMessageBox)
    assert question.textFormat() == Qt.TextFormat.PlainText  # a model may be named like markup
    assert question.defaultButton() is question.button(QMessageBox.StandardButton.Cancel)
    button = question.button(getattr(QMessageBox.StandardButton, answer))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bool(done) == (answer == "Discard")
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is None)  # none is left behind

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from btgui.views.training_wizard.anew_question import AnewQuestion


@pytest.mark.parametrize(("answer", "told"), [("keep", [False]), ("discard", [True]), ("no", [])])
def test_it_tells_the_answer_and_is_gone(qtbot, answer, told):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    answers = []
    question = AnewQuestion("Mine", answers.append, parent)
    question.open()
    assert question.textFormat() == Qt.TextFormat.PlainText  # a model may be named like markup
    cancel = question.button(QMessageBox.StandardButton.Cancel)
    qtbot.mouseClick(getattr(question, answer, cancel), Qt.MouseButton.LeftButton)
    assert answers == told
    qtbot.waitUntil(lambda: parent.findChild(QMessageBox) is None)

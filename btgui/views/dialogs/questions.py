"""Questions asked before something is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_to_discard(parent: QWidget, title: str, text: str, then: Callable[[], None]) -> None:
    """Ask without blocking the window; call ``then`` only if the user chooses Discard."""
    buttons = QMessageBox.StandardButton
    question = QMessageBox(
        QMessageBox.Icon.Question, title, text, buttons.Discard | buttons.Cancel, parent
    )
    question.setTextFormat(Qt.TextFormat.PlainText)  # a model's name may look like markup
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setDefaultButton(buttons.Cancel)
    question.buttonClicked.connect(
        lambda button: then() if question.standardButton(button) == buttons.Discard else None
    )
    question.open()


def ask_to_stop_and_close(parent: QWidget, title: str, text: str) -> bool:
    """Ask whether to stop what runs and close the window; wait, and return whether to."""
    question = QMessageBox(
        QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.NoButton, parent
    )
    stop = question.addButton("Stop and close", QMessageBox.ButtonRole.AcceptRole)
    stay = question.addButton("Keep the window open", QMessageBox.ButtonRole.RejectRole)
    question.setDefaultButton(stay)
    question.setEscapeButton(stay)
    question.exec()
    answer = question.clickedButton() is stop
    question.deleteLater()
    return answer

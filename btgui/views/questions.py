"""Questions before something is lost."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_to_discard(parent: QWidget, title: str, text: str, then: Callable[[], None]) -> None:
    """Ask, without holding up the window; only on a clear yes, do it."""
    buttons = QMessageBox.StandardButton
    question = QMessageBox(
        QMessageBox.Icon.Question, title, text, buttons.Discard | buttons.Cancel, parent
    )
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setDefaultButton(buttons.Cancel)
    question.buttonClicked.connect(
        lambda button: then() if question.standardButton(button) == buttons.Discard else None
    )
    question.open()

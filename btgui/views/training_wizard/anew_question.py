"""What is to become of a training before another one takes its place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class AnewQuestion(QMessageBox):
    """Asks, without holding up the window; cancelled, nothing happens.

    Parameters
    ----------
    name
        The training that there is.
    then
        What to do; it is told whether that training may be deleted.
    """

    def __init__(self, name: str, then: Callable[[bool], None], parent: QWidget) -> None:
        super().__init__(
            QMessageBox.Icon.Question,
            "Start over",
            f"What is to become of the training of {name}?",
            QMessageBox.StandardButton.Cancel,
            parent,
        )
        self.setTextFormat(Qt.TextFormat.PlainText)  # a model may be named like markup
        self.setInformativeText(
            "Kept, it waits under Models, Interrupted trainings. Discarded, it cannot be brought back."
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keep = self.addButton("Keep it", QMessageBox.ButtonRole.AcceptRole)
        self.discard = self.addButton("Discard it", QMessageBox.ButtonRole.DestructiveRole)
        self.setDefaultButton(QMessageBox.StandardButton.Cancel)
        self._then = then
        self.buttonClicked.connect(self._answered)

    def _answered(self, button: object) -> None:
        if button in (self.keep, self.discard):
            self._then(button is self.discard)

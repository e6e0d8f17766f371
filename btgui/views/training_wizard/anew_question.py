"""The question whether to keep or discard a training before another one replaces it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class AnewQuestion(QMessageBox):
    """A window-modal question; cancelling it changes nothing.

    Parameters
    ----------
    name
        The existing training's name.
    then
        Called with the answer: True to discard the existing training, False to keep it.
    """

    def __init__(self, name: str, then: Callable[[bool], None], parent: QWidget) -> None:
        super().__init__(
            QMessageBox.Icon.Question,
            "Start over",
            f"Keep or discard the training of {name}?",
            QMessageBox.StandardButton.Cancel,
            parent,
        )
        self.setTextFormat(Qt.TextFormat.PlainText)  # a model may be named like markup
        self.setInformativeText(
            "If you keep it, you find it under Models, Interrupted training. If you discard it, it "
            "cannot be recovered."
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

"""Turns the wheel over a scan into whole steps through a series; with Ctrl, it still zooms."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

_NOTCH = 120  # one notch of a wheel, in eighths of a degree


class WheelSteps(QObject):
    """Handles the wheel over watched widgets while ``on`` is true.

    Signals
    -------
    stepped(int)
        The wheel was turned by this number of notches, positive towards the user.
    """

    stepped = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turned = 0
        self.on = False

    def watch(self, widget: QWidget) -> None:
        """Handle the wheel over this widget too."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Turn wheel movement without Ctrl into steps; parts of a notch are accumulated."""
        if (
            not self.on
            or not isinstance(event, QWheelEvent)
            or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            return super().eventFilter(watched, event)
        self._turned -= event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        self._turned -= notches * _NOTCH
        if notches:
            self.stepped.emit(notches)
        return True

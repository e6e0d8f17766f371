"""Keeps the wheel from changing a value that it only passes over on its way down a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def guard_wheel(*boxes: QComboBox | QAbstractSpinBox) -> None:
    """Have these boxes leave the wheel to the page around them until they have the focus."""
    for box in boxes:
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel itself
        box.installEventFilter(_Guard(box))


class _Guard(QObject):
    """A box's own filter, which lives as long as the box."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Hand the wheel on to whatever the box lies in."""
        is_wheel = event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget)
        if not is_wheel or watched.hasFocus():
            return super().eventFilter(watched, event)
        event.ignore()
        return True

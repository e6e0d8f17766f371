"""Keeps the wheel from changing a value that it only passes over on its way down a page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox


def guard_wheel(*boxes: QComboBox | QAbstractSpinBox) -> None:
    """Have these boxes leave the wheel to the page around them until they have the focus."""
    for box in boxes:
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel itself
        box.installEventFilter(_Guard(box))


class _Guard(QObject):
    """A box's own filter, which lives as long as the box."""

    def __init__(self, box: QComboBox | QAbstractSpinBox) -> None:
        super().__init__(box)
        self._box = box

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Hand the wheel on to whatever the box lies in."""
        if event.type() != QEvent.Type.Wheel or self._box.hasFocus():
            return super().eventFilter(watched, event)
        event.ignore()
        return True

"""Protection of input boxes from the wheel when the user scrolls the page around them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


def guard_wheel(*boxes: QComboBox | QAbstractSpinBox) -> None:
    """Make these boxes leave wheel events to the page around them unless they have the focus."""
    for box in boxes:
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel itself
        box.installEventFilter(_Guard(box))


class _Guard(QObject):
    """An event filter that is owned by its box."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Pass wheel events on to the box's parent unless the box has the focus."""
        is_wheel = event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget)
        if not is_wheel or watched.hasFocus():
            return super().eventFilter(watched, event)
        event.ignore()
        return True

"""A combo box that elides its current entry where the entry does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

_BESIDE_ICON = 4  # pixels that Qt leaves between icon and text


class ElidedBox(QComboBox):
    """Requires room for a few letters only: long names must not widen the window.

    Parameters
    ----------
    fewest
        The number of letters that are always visible.
    """

    def __init__(self, fewest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(fewest)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802  (Qt's name)
        """Elide the entry in the middle: series and scans may differ at either end."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(control, option, field, self).width()
        if not option.currentIcon.isNull():
            room -= option.iconSize.width() + _BESIDE_ICON
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room
        )

"""A list to choose from whose chosen entry is cut with an ellipsis where it does not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QWidget

_BESIDE_ICON = 4  # pixels that Qt leaves


class ElidedBox(QComboBox):
    """Asks for room for a few letters only: names may be long, and must not widen the window.

    Parameters
    ----------
    fewest
        How many letters always stay.
    """

    def __init__(self, fewest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(fewest)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:  # noqa: N802  (Qt's name)
        """Have both ends of the entry drawn: series and scans are told apart at either."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        room = self.style().subControlRect(control, option, field, self).width()
        if not option.currentIcon.isNull():
            room -= option.iconSize.width() + _BESIDE_ICON
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room
        )

"""Titles sized relative to ordinary text, so that they follow the user's font size."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def enlarge(label: QLabel, times: float) -> None:
    """Make a label's text bold and ``times`` as large as before."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * times)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)

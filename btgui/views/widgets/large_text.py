"""Titles in sizes of ordinary text: they grow with the letters that a user has chosen."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def enlarge(label: QLabel, times: float) -> None:
    """Show a label's text so many times as large as ordinary text, and bold."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * times)
    font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)

"""Titles sized relative to ordinary text, so that they follow the user's font size."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def enlarge(label: QLabel, times: float, *, bold: bool = True) -> None:
    """Make a label's text ``times`` as large as before, and bold."""
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * times)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    label.setFont(font)


def enlarge_invitation(label: QLabel) -> None:
    """Make a label as large as every text that says what a drop of files does."""
    enlarge(label, 1.6, bold=False)

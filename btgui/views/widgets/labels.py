"""Labels that show a text letter by letter: files, models and classes may be named like markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(text: str = "", role: str = "") -> QLabel:
    """Return a label of one line; its role is the style sheet's, such as "quiet"."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def paragraph(text: str = "", role: str = "") -> QLabel:
    """Return such a label that goes on in further lines where it finds no room."""
    label = plain_label(text, role)
    label.setWordWrap(True)
    return label


def say_or_hide(label: QLabel, text: str) -> None:
    """Show a text; without one, the label's place is left to others."""
    label.setText(text)
    label.setVisible(bool(text))

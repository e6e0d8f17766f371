"""Labels of plain text: names of files, models and classes may look like markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(text: str = "", role: str = "") -> QLabel:
    """Return a label of one line; ``role`` is for the style sheet, such as "quiet"."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def paragraph(text: str = "", role: str = "") -> QLabel:
    """Return a plain label that wraps its words; ``role`` as for :func:`plain_label`."""
    label = plain_label(text, role)
    label.setWordWrap(True)
    return label


def say_or_hide(label: QLabel, text: str) -> None:
    """Show a text in a label, or hide the label if the text is empty."""
    label.setText(text)
    label.setVisible(bool(text))

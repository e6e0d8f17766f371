"""A field for a number with decimals: a point and a comma mean the same in it."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class DecimalBox(QDoubleSpinBox):
    """Shows a point, as the whole application does, and takes a comma for one.

    Whatever the system's language: there a point may part thousands, and 0.5 would become 5.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(plain_locale())

    def validate(self, text: str, position: int) -> object:
        """Say whether this may become a number; a comma is written as a point."""
        return super().validate(text.replace(",", "."), position)

    def valueFromText(self, text: str) -> float:  # noqa: N802  (Qt's name)
        """Return the number that was typed."""
        return super().valueFromText(text.replace(",", "."))


def plain_locale() -> QLocale:
    """Return how numbers are written everywhere in the application: 1234.5."""
    plain = QLocale.c()
    options = QLocale.NumberOption
    plain.setNumberOptions(options.OmitGroupSeparator | options.RejectGroupSeparator)
    return plain

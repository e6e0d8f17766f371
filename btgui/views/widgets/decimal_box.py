"""A spin box for decimal numbers that accepts a point or a comma."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class DecimalBox(QDoubleSpinBox):
    """Shows a decimal point, as the whole application does, and accepts a comma as well.

    The box ignores the system's locale, in which a point may be the group separator: 0.5 would
    then become 5.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(plain_locale())

    def validate(self, text: str, position: int) -> object:
        """Return whether the text is or may become a number; a comma is replaced by a point."""
        return super().validate(text.replace(",", "."), position)

    def valueFromText(self, text: str) -> float:  # noqa: N802  (Qt's name)
        """Return the number that was typed."""
        return super().valueFromText(text.replace(",", "."))


def plain_locale() -> QLocale:
    """Return the locale for numbers everywhere in the application: 1234.5."""
    plain = QLocale.c()
    options = QLocale.NumberOption
    plain.setNumberOptions(options.OmitGroupSeparator | options.RejectGroupSeparator)
    return plain

"""A verdict in large letters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget

from btgui.views.widgets.named_text import set_named_text

VERDICT_TIMES = 1.8  # times the size of ordinary text
_WIDEST = 180  # pixels of a word: with large letters "Meningioma" would widen the window


class VerdictLabel(QLabel):
    """A bold headline that shrinks for a long word, down to the size of ordinary text.

    Parameters
    ----------
    name
        What a screen reader reads before the verdict.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a model names its classes
        self.setWordWrap(True)
        self._name = name
        self._ordinary = self.font().pointSizeF()
        self._times = VERDICT_TIMES
        self._fit()

    def show_verdict(self, text: str, colour: QColor) -> None:
        """Show a verdict in its colour."""
        set_named_text(self, self._name, text)
        self.setStyleSheet(f"color: {colour.name()};")
        self._fit()

    def set_times(self, times: float) -> None:
        """Set the size of the headline, relative to ordinary text."""
        self._times = times
        self._fit()

    def _fit(self) -> None:
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(self._ordinary)
        words = self.text().split()
        widest = max(map(QFontMetricsF(font).horizontalAdvance, words), default=0.0)
        fitting = _WIDEST / max(widest, 1.0)
        font.setPointSizeF(self._ordinary * max(1.0, min(self._times, fitting)))
        self.setFont(font)

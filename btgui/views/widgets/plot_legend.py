"""A legend of names and colours, placed above a plot so that it hides no curve."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

_MARK = "\N{BLACK CIRCLE}"
_LONG = 36  # letters: a longer name may wrap, since in one line it would widen the window


class PlotLegend(QLabel):
    """Names with their colours on as many lines as needed, and a remark below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setContentsMargins(8, 6, 8, 0)

    def show_entries(self, entries: Sequence[tuple[str, QColor]], remark: str = "") -> None:
        """Replace the names shown, each with its colour.

        Call this only after the legend was added to a layout: before, it would be shown as a window.
        """
        parts = [
            f"<span style='color:{colour.name()}'>{_MARK}</span>&nbsp;{_unbroken(name)}"
            for name, colour in entries
        ]
        lines = ["&nbsp; &nbsp; ".join(parts)] if parts else []
        lines += [escape(remark)] if remark else []
        self.setText("<br>".join(lines))
        self.setVisible(bool(lines))


def _unbroken(name: str) -> str:
    return escape(name) if len(name) > _LONG else escape(name).replace(" ", "&nbsp;")

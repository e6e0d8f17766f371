"""A label that elides text that does not fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

_FEWEST = 6


class ElidedLabel(QLabel):
    """One line of plain text that never widens its window.

    ``text()`` is always the whole text, and so is what a screen reader reads.

    Parameters
    ----------
    mode
        Where the text is elided. File names of scans often differ at the end only: elide them
        in the middle.
    fewest
        The number of letters that are always visible.
    """

    def __init__(
        self,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        fewest: int = _FEWEST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode, self._fewest = mode, fewest
        self.setTextFormat(Qt.TextFormat.PlainText)  # a file may be named like markup
        self.setIndent(0)  # in a frame, QLabel's default indent would reduce the room for text

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for a few letters only."""
        whole = super().minimumSizeHint()
        few = self.fontMetrics().averageCharWidth() * self._fewest
        return QSize(min(few, whole.width()), whole.height())

    def shown_text(self) -> str:
        """Return the visible text, which may be elided."""
        width = self.contentsRect().width() - 2 * self.margin()
        return self.fontMetrics().elidedText(self.text(), self._mode, width)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint as a QLabel where the text fits, so that it can be selected; else elided."""
        shown = self.shown_text()
        if shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        self.drawFrame(painter)
        margin = self.margin()
        place = self.contentsRect().adjusted(margin, margin, -margin, -margin)
        self.style().drawItemText(
            painter,
            place,
            int(self.alignment()) | Qt.TextFlag.TextSingleLine,
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )

"""A label that gives way: what does not fit is cut with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

_FEWEST = 6


class ElidedLabel(QLabel):
    """One line of plain text, which never widens its window.

    ``text()`` is always the whole; a screen reader says it, too.

    Parameters
    ----------
    mode
        Where the text is cut. A file's name tells scans apart at its end: cut it in the middle.
    fewest
        How many letters always stay.
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
        self.setIndent(0)  # within a border Qt would leave room that is not reckoned with

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Ask for a few letters only."""
        whole = super().minimumSizeHint()
        few = self.fontMetrics().averageCharWidth() * self._fewest
        return QSize(min(few, whole.width()), whole.height())

    def shown_text(self) -> str:
        """Return what can be read: the text, or what fits of it."""
        width = self.contentsRect().width() - 2 * self.margin()
        return self.fontMetrics().elidedText(self.text(), self._mode, width)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the text as a label does where it fits, so that it can be selected."""
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

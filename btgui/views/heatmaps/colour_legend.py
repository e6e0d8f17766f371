"""The legend of a heatmap's colours."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from btgui.engine.exports.picture import colour_table
from btgui.views.theme import QUIET_TEXT
from btgui.views.widgets.picture_label import to_image

ENDS = ("no evidence", "most evidence")
_STRIP, _SHORTEST = 120, 36  # pixels: preferred and least width of the strip between the words
_GAP = 8


class ColourLegend(QWidget):
    """A strip of the colour map between labels for its ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setAccessibleName("Colour legend")
        self.setToolTip("Each stage is scaled to its own maximum.")

    def show_colour_map(self, name: str) -> None:
        """Show this colour map."""
        self._image = to_image(colour_table(name)[None])
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for both labels and the whole strip."""
        metrics = self.fontMetrics()
        words = sum(metrics.horizontalAdvance(end) for end in ENDS)
        return QSize(words + _STRIP, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return room for both labels and a short strip."""
        return self.sizeHint() - QSize(_STRIP - _SHORTEST, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the labels and the strip between them."""
        del event
        painter = QPainter(self)
        painter.setPen(QUIET_TEXT)
        metrics, room = self.fontMetrics(), self.rect()
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, ENDS[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, ENDS[1])
        if self._image is not None:
            left = metrics.horizontalAdvance(ENDS[0]) + _GAP
            right = metrics.horizontalAdvance(ENDS[1]) + _GAP
            strip = room.adjusted(left, room.height() // 4, -right, -room.height() // 4)
            painter.drawImage(strip, self._image)
        painter.end()

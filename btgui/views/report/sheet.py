"""What a page is drawn with: text, lines and pictures in millimetres from its top left."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QTextOption

from btgui.views.text import unbroken

INK, QUIET, FAINT = QColor("#14171b"), QColor("#586069"), QColor("#c5cbd3")
_ON_PICTURES = QColor("#f0e442")
# Any of them is on every system; what they lack, Qt takes from others.
_FAMILIES = ["Arial", "Helvetica", "Liberation Sans", "Noto Sans", "DejaVu Sans"]
_LIGATURES = QFont.Tag("liga")
_INCH, _POINTS = 25.4, 72


class Sheet:
    """A page that is drawn on, or only measured for how much room its parts need.

    Parameters
    ----------
    painter
        Active, on the page.
    scale
        Of letters and of every distance.
    draws
        Whether anything is drawn.
    """

    def __init__(self, painter: QPainter, scale: float, *, draws: bool) -> None:
        device = painter.device()
        self.painter, self.draws = painter, draws
        self._unit = device.logicalDpiX() / _INCH * scale
        self.width, self.height = device.width() / self._unit, device.height() / self._unit

    def text(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        points: float = 9,
        *,
        bold: bool = False,
        colour: QColor = INK,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write a text, in as many lines as it needs; return how high it is."""
        if not text:
            return 0.0
        self.painter.setFont(self._font(points, bold=bold))
        option = QTextOption(align | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        room = self.rect(x, y, width, 10_000)
        words = unbroken(text)
        if self.draws:
            self.painter.setPen(colour)
            self.painter.drawText(room, words, option)
        return self.painter.boundingRect(room, words, option).height() / self._unit

    def mark(
        self,
        at: QPointF,
        text: str,
        within: QRectF,
        points: float = 8,
        away_from: QPointF | None = None,
    ) -> None:
        """Write a line over a picture, outlined dark, all of it within the picture.

        Its middle is at a place or beside it, on the side away from another; places are as
        :meth:`rect` has them.
        """
        if not self.draws or not text:
            return
        painter, font, gap = self.painter, self._font(points, bold=True), self._unit
        painter.setFont(font)
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text), metrics.ascent()
        middle = QPointF(at)
        if away_from is not None and (apart := at - away_from) != QPointF():
            apart /= math.hypot(apart.x(), apart.y())
            middle += QPointF(apart.x() * (width / 2 + 2 * gap), apart.y() * (height / 2 + 2 * gap))
        x = min(max(middle.x() - width / 2, within.left() + gap), within.right() - width - gap)
        y = min(max(middle.y() + height / 2, within.top() + height), within.bottom() - gap)
        path = QPainterPath()
        path.addText(x, y, font, text)
        outline = QPen(QColor("black"), 0.5 * gap)
        outline.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, outline)
        painter.setPen(_ON_PICTURES)
        painter.drawText(QPointF(x, y), text)

    def path(self, points: list[QPointF]) -> None:
        """Draw a measurement's line over a picture."""
        if not self.draws:
            return
        for colour, thickness in ((QColor("black"), 0.7), (_ON_PICTURES, 0.3)):
            self.painter.setPen(QPen(colour, thickness * self._unit))
            self.painter.drawPolyline(points)

    def line(self, x: float, y: float, width: float, colour: QColor = FAINT) -> None:
        """Draw a thin line to the right."""
        self.strokes([QPointF(x, y), QPointF(x + width, y)], QPen(colour, 0.2))

    def strokes(self, points: list[QPointF], pen: QPen) -> None:
        """Draw a line through points; points and pen are in millimetres."""
        if not self.draws:
            return
        pen = QPen(pen)
        pen.setWidthF(pen.widthF() * self._unit)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline([point * self._unit for point in points])

    def fill(self, x: float, y: float, width: float, height: float, colour: QColor) -> None:
        """Fill a rectangle."""
        if self.draws:
            self.painter.fillRect(self.rect(x, y, width, height), colour)

    def ring(self, x: float, y: float, radius: float, colour: QColor) -> None:
        """Draw a hollow point."""
        if self.draws:
            self.painter.setPen(QPen(colour, 0.2 * self._unit))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawEllipse(
                QPointF(x, y) * self._unit, radius * self._unit, radius * self._unit
            )

    def picture(self, x: float, y: float, width: float, height: float, image: QImage) -> None:
        """Draw a picture that fills a rectangle."""
        if self.draws:
            self.painter.drawImage(self.rect(x, y, width, height), image)

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """Return a rectangle as the painter has it."""
        unit = self._unit
        return QRectF(x * unit, y * unit, width * unit, height * unit)

    def _font(self, points: float, *, bold: bool) -> QFont:
        font = QFont(_FAMILIES)
        font.setStyleHint(QFont.StyleHint.SansSerif)
        # In pixels: as an outline, too, letters are as large as they are written.
        font.setPixelSize(max(1, round(points * self._unit * _INCH / _POINTS)))
        font.setBold(bold)
        # Else "fi" could be one letter, which nobody who looks for "finding" finds.
        font.setFeature(_LIGATURES, 0)
        return font

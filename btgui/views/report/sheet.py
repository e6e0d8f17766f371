"""A page to draw on: text, lines and pictures, in millimetres from the top left corner."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QTextOption

from btgui.views.text import unbroken

INK, QUIET, FAINT = QColor("#14171b"), QColor("#586069"), QColor("#c5cbd3")
_ON_PICTURES = QColor("#f0e442")
# One of these is on every system; Qt takes missing characters from other fonts.
_FAMILIES = ["Arial", "Helvetica", "Liberation Sans", "Noto Sans", "DejaVu Sans"]
_LIGATURES = QFont.Tag("liga")
_INCH, _POINTS = 25.4, 72


class Sheet:
    """A page that is drawn on, or only measured to find the room that its parts need.

    Parameters
    ----------
    painter
        A painter that is active on the page.
    scale
        Factor on font sizes and on every distance.
    draws
        Whether to draw; otherwise the page is only measured.
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
        """Write a text, wrapped to ``width``; return its height in millimetres."""
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
        """Write a line of text over a picture, with a dark outline and within the picture.

        The text is centred on ``at`` or, if ``away_from`` is given, placed beside ``at`` on the
        side away from that point. Positions are in the painter's coordinates, as :meth:`rect`
        returns them.
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
        """Draw the line of a measurement over a picture, in the painter's coordinates."""
        if not self.draws:
            return
        for colour, thickness in ((QColor("black"), 0.7), (_ON_PICTURES, 0.3)):
            self.painter.setPen(QPen(colour, thickness * self._unit))
            self.painter.drawPolyline(points)

    def line(self, x: float, y: float, width: float, colour: QColor = FAINT) -> None:
        """Draw a thin horizontal line."""
        self.strokes([QPointF(x, y), QPointF(x + width, y)], QPen(colour, 0.2))

    def strokes(self, points: list[QPointF], pen: QPen) -> None:
        """Draw a polyline; points and pen width are in millimetres."""
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
        """Draw a small circle."""
        if self.draws:
            self.painter.setPen(QPen(colour, 0.2 * self._unit))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawEllipse(
                QPointF(x, y) * self._unit, radius * self._unit, radius * self._unit
            )

    def picture(self, x: float, y: float, width: float, height: float, image: QImage) -> None:
        """Draw a picture so that it fills a rectangle."""
        if self.draws:
            self.painter.drawImage(self.rect(x, y, width, height), image)

    def rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """Return a rectangle in the painter's coordinates."""
        unit = self._unit
        return QRectF(x * unit, y * unit, width * unit, height * unit)

    def _font(self, points: float, *, bold: bool) -> QFont:
        font = QFont(_FAMILIES)
        font.setStyleHint(QFont.StyleHint.SansSerif)
        # In pixels, so that text drawn as an outline has the same size as ordinary text.
        font.setPixelSize(max(1, round(points * self._unit * _INCH / _POINTS)))
        font.setBold(bold)
        # Without ligatures: with "fi" as one glyph, a search for "finding" would fail.
        font.setFeature(_LIGATURES, 0)
        return font

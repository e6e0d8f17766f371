"""Drawing text and measurements over a scan, legible on black and on white."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from btgui.views.scan_view.corners import Corners
from btgui.views.theme import ACCENT, TEXT

_MARGIN = 8.0
_HANDLE = 3.5
_SHADOW = QColor(0, 0, 0, 210)
_MEASURE, _CHOSEN = QColor("#f0e442"), QColor("#ffffff")
_LETTER_SCALE = 1.35


def paint_text(painter: QPainter, place: QPointF, text: str, colour: QColor) -> None:
    """Write a line of text from this start of its baseline, with a dark outline."""
    painter.setPen(_SHADOW)
    for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1), (1, 1)):
        painter.drawText(place + QPointF(across, down), text)
    painter.setPen(colour)
    painter.drawText(place, text)


def paint_corners(painter: QPainter, area: QRectF, corners: Corners) -> None:
    """Write the lines of the four corners.

    A line beside a line of the opposite corner, or beside the letter at the middle of the edge, is
    elided to half the width of the area.
    """
    metrics = QFontMetricsF(painter.font())
    area = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    for lines, opposite, right, bottom in (
        (corners.top_left, corners.top_right, False, False),
        (corners.top_right, corners.top_left, True, False),
        (corners.bottom_left, corners.bottom_right, False, True),
        (corners.bottom_right, corners.bottom_left, True, True),
    ):
        height = metrics.lineSpacing()
        first = area.bottom() - height * len(lines) if bottom else area.top()
        for number, line in enumerate(lines):
            from_edge = len(lines) - 1 - number if bottom else number
            is_alone = from_edge >= max(1, len(opposite))
            room = area.width() if is_alone else area.width() / 2 - 2 * _MARGIN
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room)
            left = area.right() - metrics.horizontalAdvance(text) if right else area.left()
            base = first + number * height + metrics.ascent()
            paint_text(painter, QPointF(left, base), text, TEXT)


def paint_letters(painter: QPainter, area: QRectF, corners: Corners) -> None:
    """Write the orientation letters at the middle of the four edges."""
    if corners.edges is None:
        return
    font = painter.font()
    plain = painter.font()
    font.setPointSizeF(font.pointSizeF() * _LETTER_SCALE)
    font.setBold(True)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    edges, middle = corners.edges, area.center()
    for text, centre in (
        (edges.left, QPointF(area.left() + _MARGIN, middle.y())),
        (edges.right, QPointF(area.right() - _MARGIN, middle.y())),
        (edges.top, QPointF(middle.x(), area.top() + _MARGIN + metrics.ascent() / 2)),
        (edges.bottom, QPointF(middle.x(), area.bottom() - _MARGIN - metrics.ascent() / 2)),
    ):
        width = metrics.horizontalAdvance(text)
        left = min(
            max(centre.x() - width / 2, area.left() + _MARGIN), area.right() - _MARGIN - width
        )
        base = centre.y() + metrics.ascent() / 2 - metrics.descent() / 2
        paint_text(painter, QPointF(left, base), text, QColor("#e6b450"))
    painter.setFont(plain)


def paint_frame(painter: QPainter, area: QRectF) -> None:
    """Draw the frame of a view that has the keyboard focus."""
    painter.setPen(ACCENT)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))


def paint_measurement(
    painter: QPainter, path: Sequence[QPointF], text: str, *, chosen: bool
) -> None:
    """Draw a ruler or an angle along its points and write the measured value beside it."""
    colour = _CHOSEN if chosen else _MEASURE
    for pen in (QPen(_SHADOW, 3.5), QPen(colour, 1.5)):
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(list(path))
    painter.setBrush(_MEASURE if chosen else _SHADOW)
    for point in path:
        painter.drawEllipse(point, _HANDLE, _HANDLE)
    if text:
        _write_beside(painter, path, text, colour)


def _write_beside(painter: QPainter, path: Sequence[QPointF], text: str, colour: QColor) -> None:
    """Write a value beyond a ruler's end or an angle's vertex, or beside it if there is no room."""
    metrics, window = QFontMetricsF(painter.font()), QRectF(painter.viewport())
    box = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
    end, drawn = path[1], QPainterPath()
    drawn.addPolygon(QPolygonF(path))
    lines = [QLineF(point, end).unitVector() for point in path if point != end]
    away = QLineF(0, 0, sum(line.dx() for line in lines), sum(line.dy() for line in lines))
    away = away.unitVector() if away.length() else QLineF(0, 0, 0, -1)
    aside = away.normalVector()
    for side in (away.p2(), aside.p2(), -aside.p2()):
        reach = _MARGIN + (abs(side.x()) * box.width() + abs(side.y()) * box.height()) / 2
        box.moveCenter(end + side * reach)
        box.moveLeft(
            min(max(box.left(), window.left() + 2), window.right() - box.width() - _MARGIN)
        )
        box.moveTop(min(max(box.top(), window.top()), window.bottom() - box.height()))
        if not drawn.intersects(box.adjusted(-_HANDLE, -_HANDLE, _HANDLE, _HANDLE)):
            break
    paint_text(painter, box.topLeft() + QPointF(0, metrics.ascent()), text, colour)

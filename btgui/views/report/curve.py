"""The probability curves along a series, drawn to be distinguishable without colour too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from btgui.engine.studies.series_verdict import SliceReading
from btgui.views.report.sheet import QUIET, Sheet
from btgui.views.theme import class_colour

_HEIGHT, _LEFT, _BELOW = 24.0, 11.0, 4.5
_SIDE_BY_SIDE = 4  # entries of the legend
_DECIDED = QColor("#dbe9f4")
_LEVELS = (0, 50, 100)
_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)


@dataclass(frozen=True)
class Curve:
    """The data of the curves; ``deciding`` and ``index``, the slice shown, count from 0."""

    readings: tuple[SliceReading, ...]
    names: tuple[str, ...]
    deciding: tuple[int, ...]
    index: int


def draw_curve(sheet: Sheet, y: float, curve: Curve) -> float:
    """Draw the curves over the whole width of a sheet; return the y coordinate below them."""
    top, width = _draw_legend(sheet, y, curve), sheet.width - _LEFT
    last = max(len(curve.readings) - 1, 1)

    def place(index: float, share: float) -> QPointF:
        return QPointF(_LEFT + width * index / last, top + _HEIGHT * (1 - share))

    if curve.deciding:
        start = place(max(curve.deciding[0] - 0.5, 0), 1)
        end = place(min(curve.deciding[-1] + 0.5, last), 1)
        sheet.fill(start.x(), top, end.x() - start.x(), _HEIGHT, _DECIDED)
    for level in _LEVELS:
        height = place(0, level / 100).y()
        sheet.line(_LEFT, height, width)
        right = Qt.AlignmentFlag.AlignRight
        sheet.text(0, height - 1.6, _LEFT - 1.5, f"{level} %", 7, colour=QUIET, align=right)
    here = place(curve.index, 1).x()
    sheet.strokes([QPointF(here, top), QPointF(here, top + _HEIGHT)], QPen(QUIET, 0.35))
    for number in range(len(curve.names)):
        pen = _pen(number)
        for part in _parts(curve.readings):
            points = [place(one.index, one.probabilities[number]) for one in part]
            if len(points) == 1:
                sheet.fill(points[0].x() - 0.3, points[0].y() - 0.3, 0.6, 0.6, pen.color())
            sheet.strokes(points, pen)
    for one in curve.readings:
        for share in one.probabilities if not one.counts else ():
            spot = place(one.index, share)
            sheet.ring(spot.x(), spot.y(), 0.5, QUIET)
    _draw_numbers(sheet, top + _HEIGHT + 0.5, curve, here)
    return top + _HEIGHT + _BELOW


def _draw_legend(sheet: Sheet, y: float, curve: Curve) -> float:
    """Draw the legend of lines, band and rings; return the y coordinate below it."""
    marks: list[tuple[Callable[[float, float], None], str]] = [
        (partial(_draw_line_key, sheet, number), name) for number, name in enumerate(curve.names)
    ]
    if curve.deciding:
        marks.append((lambda x, y: sheet.fill(x, y, 8, 3, _DECIDED), "decided the verdict"))
    if any(one.probabilities and not one.counts for one in curve.readings):
        marks.append((lambda x, y: sheet.ring(x + 4, y + 1.6, 0.5, QUIET), "no head: not counted"))
    room = (sheet.width - _LEFT) / _SIDE_BY_SIDE
    for first in range(0, len(marks), _SIDE_BY_SIDE):
        high = 0.0
        for column, (draw, name) in enumerate(marks[first : first + _SIDE_BY_SIDE]):
            x = _LEFT + column * room
            draw(x, y)
            high = max(high, sheet.text(x + 9.5, y, room - 10.5, name, 7.5))
        y += high + 0.6
    return y + 0.8


def _draw_line_key(sheet: Sheet, number: int, x: float, y: float) -> None:
    sheet.strokes([QPointF(x, y + 1.8), QPointF(x + 8, y + 1.8)], _pen(number))


def _draw_numbers(sheet: Sheet, y: float, curve: Curve, here: float) -> None:
    """Write the numbers of the first slice, the last slice and the one shown below the curves."""
    centre, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
    shown, room = f"slice {curve.index + 1}, shown", 26.0
    left = min(max(here - room / 2, _LEFT), sheet.width - room)
    sheet.text(left, y, room, shown, 7, colour=QUIET, align=centre)
    if left > _LEFT + 8:
        sheet.text(_LEFT, y, 8, "1", 7, colour=QUIET)
    if left + room < sheet.width - 8:
        count = str(len(curve.readings))
        sheet.text(sheet.width - 8, y, 8, count, 7, colour=QUIET, align=right)


def _parts(readings: Sequence[SliceReading]) -> list[list[SliceReading]]:
    """Return the runs of consecutive slices that count, between which the lines have gaps."""
    parts: list[list[SliceReading]] = [[]]
    for one in readings:
        if one.counts:
            parts[-1].append(one)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _pen(number: int) -> QPen:
    pen = QPen(class_colour(number), 0.5, _DASHES[number % len(_DASHES)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen

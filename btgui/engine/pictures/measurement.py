"""Lengths and angles on a slice, in millimetres only where the file states the pixel spacing.

Points are (x, y) in pixels of the scan as stored: x increases to the right, y downwards, and
integers are the borders between pixels.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

Point = tuple[float, float]
Spacing = tuple[float, float]  # between rows, between columns, in millimetres: as Scan.spacing_mm

_SQUARE: Spacing = (1.0, 1.0)
_SHORTEST_MM, _LONGEST_MM = 1e-6, 1e6
_MOST_UNEQUAL = 100.0
RULER_POINTS = 2
ANGLE_POINTS = 3


@dataclass(frozen=True)
class Measurement:
    """A ruler of two points, or an angle of three points, the second of which is the vertex."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) not in {RULER_POINTS, ANGLE_POINTS}:
            raise ValueError(
                f"expected 2 points for a ruler or 3 for an angle, received {len(self.points)}"
            )

    def with_point(self, index: int, point: Point) -> Measurement:
        """Return the measurement with one of its points moved to ``point``."""
        points = list(self.points)
        points[index] = point
        return replace(self, points=tuple(points))

    def moved(self, across: float, down: float) -> Measurement:
        """Return the whole measurement moved by the given numbers of pixels."""
        return replace(self, points=tuple((x + across, y + down) for x, y in self.points))

    def text(self, spacing_mm: Spacing | None, pixel_aspect: Spacing = _SQUARE) -> str:
        """Return the measured length or angle: "12.5 mm", "40.0 pixels" or "90.0°".

        Without a spacing, it is measured in the displayed image, whose pixels are square
        (see :attr:`btgui.engine.scan.Scan.pixel_aspect`); the text of an angle says so.
        """
        size = spacing_mm or pixel_aspect
        if len(self.points) == RULER_POINTS:
            length = distance(*self.points, pixel_size=size)
            return f"{length:.1f} {'pixels' if spacing_mm is None else 'mm'}"
        degrees = angle(*self.points, pixel_size=size)
        if degrees is None:
            return "no angle"
        return f"{degrees:.1f}°" + (" in square pixels" if spacing_mm is None else "")


def usable_spacing(spacing_mm: Spacing | None) -> Spacing | None:
    """Return the spacing if an image can be drawn and measured with it, else None.

    A damaged header may state anything: NaN, zero, or pixels a hundred times as high as wide.
    """
    if spacing_mm is None or not all(_SHORTEST_MM < mm < _LONGEST_MM for mm in spacing_mm):
        return None
    return spacing_mm if max(spacing_mm) < _MOST_UNEQUAL * min(spacing_mm) else None


def distance(first: Point, second: Point, *, pixel_size: Spacing = _SQUARE) -> float:
    """Return the distance between two points, in the unit of ``pixel_size``."""
    return math.hypot(*_vector(first, second, pixel_size))


def angle(
    first: Point, vertex: Point, second: Point, *, pixel_size: Spacing = _SQUARE
) -> float | None:
    """Return the angle at the vertex in degrees, 0 to 180; None where an arm has no length."""
    one, other = _vector(vertex, first, pixel_size), _vector(vertex, second, pixel_size)
    if one == (0.0, 0.0) or other == (0.0, 0.0):
        return None
    cross = one[0] * other[1] - one[1] * other[0]
    dot = one[0] * other[0] + one[1] * other[1]
    return math.degrees(abs(math.atan2(cross, dot)))


def distance_to_path(point: Point, path: Sequence[Point]) -> float:
    """Return the distance of a point from a polyline of at least one point, in their unit."""
    if len(path) == 1:
        return math.dist(point, path[0])
    return min(_to_segment(point, a, b) for a, b in itertools.pairwise(path))


def _to_segment(point: Point, start: Point, end: Point) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    if length == 0:
        return math.dist(point, start)
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / length
    share = min(1.0, max(0.0, share))
    return math.dist(point, (start[0] + share * across, start[1] + share * down))


def _vector(start: Point, end: Point, pixel_size: Spacing) -> tuple[float, float]:
    height, width = pixel_size
    return (end[0] - start[0]) * width, (end[1] - start[1]) * height

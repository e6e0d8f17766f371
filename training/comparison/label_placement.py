"""Placement of the labels of a figure's points, so that none covers a label or a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from training.reports.drawing import QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

# Horizontal and vertical offsets from its point that are tried for a name, in typographic points.
_ASIDE = (8, 26, 48, 74)
_UP = (0, 11, -11, 22, -22, 34, -34, 46, -46, 60, -60, 76, -76)
_NEAR = 12  # offset up to which a name needs no line to its point
_HALF_MARKER = 4
_POINTS_AN_INCH = 72


@dataclass(frozen=True)
class Named:
    """A point, in the axes' data coordinates, and its name."""

    name: str
    x: float
    y: float


def write_names(
    figure: Figure, axis: Axes, points: Sequence[Named], taken: Iterable[tuple[float, float]]
) -> None:
    """Write every name at the nearest free place beside its point, with a line if that is far.

    Parameters
    ----------
    axis
        Axes with everything else drawn, as the places depend on their limits and size.
    taken
        Further points that no name may cover.
    """
    figure.draw_without_rendering()  # lays the axes out
    limits = axis.get_xlim(), axis.get_ylim()
    half = _HALF_MARKER * figure.dpi / _POINTS_AN_INCH
    covered = [_box(axis, point.x, point.y, half) for point in points]
    covered += [_box(axis, x, y, half) for x, y in taken]
    for point in sorted(points, key=lambda one: -one.y):
        covered.append(_write(axis, point, covered))
    axis.set(xlim=limits[0], ylim=limits[1])


def _write(axis: Axes, point: Named, covered: Sequence[Bbox]) -> Bbox:
    """Write a name at the first free place, or at the last one; return the box that it covers."""
    whole = axis.get_window_extent()
    places = sorted(
        ((side * aside, up) for aside, up, side in product(_ASIDE, _UP, (1, -1))),
        key=lambda place: abs(place[0]) + abs(place[1]),
    )
    for aside, up in places:
        text = axis.annotate(
            point.name,
            (point.x, point.y),
            (aside, up),
            textcoords="offset points",
            ha="left" if aside > 0 else "right",
            va="center",
            fontsize=8,
            color=QUIET,
        )
        box = text.get_window_extent()
        inside = whole.contains(box.x0, box.y0) and whole.contains(box.x1, box.y1)
        if inside and not any(box.overlaps(one) for one in covered):
            break
        if (aside, up) != places[-1]:
            text.remove()
    if abs(aside) + abs(up) > _NEAR:
        axis.annotate(
            "",
            (point.x, point.y),
            (aside, up),
            textcoords="offset points",
            arrowprops={
                "arrowstyle": "-",
                "color": QUIET,
                "linewidth": 0.6,
                "shrinkA": 0,
                "shrinkB": 4,
            },
        )
    return box


def _box(axis: Axes, x: float, y: float, half: float) -> Bbox:
    """Return the box that a marker covers, ``half`` dots in each direction."""
    from matplotlib.transforms import Bbox

    column, row = axis.transData.transform((x, y))
    return Bbox([[column - half, row - half], [column + half, row + half]])

"""Shared style of the figures in reports: size, colours, fonts, and how figures are written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008), distinguishable by colour-blind readers; without black and yellow.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
INK, QUIET, GRID = "#222222", "#777777", "#dddddd"
Layout = Literal["constrained", "compressed"]
# Fonts of Linux, Windows and macOS with Chinese, Japanese and Korean characters, which _FONT lacks.
_FONT = "DejaVu Sans"
_FURTHER_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "Microsoft JhengHei",
    "Yu Gothic",
    "MS Gothic",
    "Malgun Gothic",
    "PingFang SC",
    "Hiragino Sans GB",
    "Hiragino Sans",
    "Arial Unicode MS",
    "Apple SD Gothic Neo",
)
_MARKERS = "osD^vP"
_LINES = ("-", "--", ":", "-.")
_WIDTH, _RESOLUTION = 9.6, 150  # inches and dots an inch: sharp at twice a report's 960 pixels
_LONGEST_LABEL = 42
_TYPE = 10  # points
_TYPE_OF_CELL = 28  # points per inch of a cell, of which three digits then fill half
_THINNEST, _WIDEST = 1.2, 4.0
_HALF_SHADED = 0.55


@contextmanager
def picture(file: Path, height: float, layout: Layout = "constrained") -> Iterator[Figure]:
    """Yield an empty figure of ``height`` inches, and write it as a PNG file at the end.

    Parameters
    ----------
    layout
        Matplotlib's layout engine: "compressed" keeps square axes close together.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    style: dict[Any, Any] = {
        "font.family": _fonts(),
        "font.size": _TYPE,
        "axes.titlesize": 11,
        "axes.edgecolor": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": GRID,
        "legend.frameon": False,
        "text.color": INK,
        "text.parse_math": False,  # a "$" in a model's name starts no formula
    }
    with rc_context(style), warnings.catch_warnings():
        # A character that no installed font has is drawn as a box.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure = Figure(figsize=(_WIDTH, height), dpi=_RESOLUTION, layout=layout)
        yield figure
        figure.savefig(file)


def _fonts() -> list[str]:
    """Return the installed fonts in which a character is looked up, in order."""
    from matplotlib.font_manager import fontManager

    here = {font.name for font in fontManager.ttflist}
    return [_FONT, *(name for name in _FURTHER_FONTS if name in here)]


def draw_counts(axis: Axes, counts: NDArray[np.int64], side: float) -> None:
    """Draw a confusion matrix, (classes, classes): counts, shaded by their share of the row.

    Parameters
    ----------
    side
        Approximate side of the matrix in inches; counts of many classes are written smaller.
    """
    size = min(_TYPE, _TYPE_OF_CELL * side / len(counts))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        ink = "white" if shares[row, column] > _HALF_SHADED else INK
        axis.text(column, row, f"{count:,}", ha="center", va="center", color=ink, fontsize=size)


def colour(index: int) -> str:
    """Return the colour of a model or class by its index."""
    return COLOURS[index % len(COLOURS)]


def marker(index: int) -> str:
    """Return a model's marker by its index; together with the colour, unique among 36."""
    return _MARKERS[(index + index // len(_MARKERS)) % len(_MARKERS)]


def line_style(index: int) -> str:
    """Return a line's style by its index; together with the colour, unique among 24."""
    return _LINES[index // len(COLOURS) % len(_LINES)]


def line_width(index: int, count: int) -> float:
    """Return a line's width in points by its index among ``count`` lines.

    Later lines are drawn over earlier ones and are thinner, so that coinciding lines stay visible.
    """
    return _THINNEST + (_WIDEST - _THINNEST) * (count - 1 - index) / max(1, count - 1)


def shortened(label: str) -> str:
    """Shorten a label in the middle if it is too long for a figure; its end distinguishes versions."""
    if len(label) <= _LONGEST_LABEL:
        return label
    tail = _LONGEST_LABEL // 2
    return f"{label[: _LONGEST_LABEL - tail - 1]}…{label[-tail:]}"


def in_percent(axis: Axes, which: str = "y") -> None:
    """Show shares on an axis as percentages."""
    from matplotlib.ticker import PercentFormatter

    getattr(axis, f"{which}axis").set_major_formatter(PercentFormatter(1.0, decimals=None))

"""From values at full depth to the 256 greys that readers and networks see."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.scan import Window

_WHITE = 255.0
_PERCENTILES = (0.5, 99.5)
_BLOCK = 1 << 20  # numbers that are worked on at a time
_WHOLE_WIDTH = {"LINEAR_EXACT", "SIGMOID"}
_SMALLEST, _LARGEST = 1e-9, 1e9  # beyond, a header's window is damage: no scan's values go there


def in_blocks(
    pixels: NDArray[Any], work: Callable[[NDArray[Any]], NDArray[Any]], kind: type[np.generic]
) -> NDArray[Any]:
    """Return ``work`` done for a few rows of pixels at a time: what it needs itself stays small.

    Parameters
    ----------
    pixels
        (height, width) or (height, width, colours).
    work
        Of every pixel by itself. Returns (rows, width).
    kind
        Of the result's elements.
    """
    rows = max(1, _BLOCK // max(1, math.prod(pixels.shape[1:])))
    found = np.empty(pixels.shape[:2], kind)
    for start in range(0, len(pixels), rows):
        found[start : start + rows] = work(pixels[start : start + rows])
    return found


def apply_window(values: NDArray[np.float32], window: Window) -> NDArray[np.uint8]:
    """Map values linearly so that the window's width spans black to white.

    The LINEAR_EXACT function of DICOM PS3.3 C.11.2.1.3.2: values below the window are
    0, above it 255. Rounded to nearest; a width of 0 becomes a threshold.

    Parameters
    ----------
    values
        (height, width), in the units of the window.

    Returns
    -------
    The greys, (height, width) uint8.
    """
    low = window.centre - window.width / 2
    factor = _WHITE / max(window.width, 1e-9)

    def scaled(part: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.clip(np.rint((part.astype(np.float64) - low) * factor), 0, _WHITE)

    return in_blocks(values, scaled, np.uint8)


def window_of_header(centre: float, width: float, function: str) -> Window | None:
    """Return what a header's window spans, None where it is none.

    Parameters
    ----------
    function
        VOILUTFunction. LINEAR spans from c - 0.5 - (w - 1) / 2 to c - 0.5 + (w - 1) / 2
        (DICOM PS3.3 C.11.2.1.2.1), LINEAR_EXACT and SIGMOID their whole width. What is none
        of the three, such as an empty element, counts as LINEAR: the standard's default.
    """
    # Not the other way round: NaN, too, is refused so.
    if not (abs(centre) <= _LARGEST and _SMALLEST <= width <= _LARGEST):
        return None
    if function not in _WHOLE_WIDTH and width >= 1:
        return Window(centre - 0.5, width - 1, stated=(centre, width))
    return Window(centre, width)


def without_padding(
    values: NDArray[np.float32], padding: tuple[float, float] | None
) -> NDArray[np.float32]:
    """Return the values outside the padding's range, in one dimension.

    Where there is no padding, or nothing else, they are returned as given. ``padding`` is the
    range's lowest and highest value, both of which belong to it.
    """
    if padding is None:
        return values
    low, high = padding
    kept = values[(values < low) | (values > high)]
    return kept if kept.size else values


def full_range(values: NDArray[np.float32]) -> Window:
    """Return the window from the lowest to the highest value; where all are equal its width is 1."""
    low, high = float(values.min()), float(values.max())
    return Window((low + high) / 2, (high - low) or 1.0)


def window_of_percentiles(values: NDArray[np.float32]) -> Window:
    """Return the window between the 0.5th and the 99.5th percentile of the values.

    Percentiles are taken over values above the minimum, so that a large black
    background does not decide; where all values are equal the width is 1, and all are black: in an
    empty slice no head is to be found.
    """
    inside = values[values > values.min()]
    if inside.size == 0:
        return Window(float(values.min()) + 0.5, 1.0)
    # In place: of a large picture a copy would be too much.
    bottom, top = map(float, np.percentile(inside, _PERCENTILES, overwrite_input=True))
    return Window((bottom + top) / 2, top - bottom) if top > bottom else full_range(values)

"""Windowing: from values at full depth to the 256 grey levels that readers and networks see."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.scan import Window

_WHITE = 255.0
_PERCENTILES = (0.5, 99.5)
_BLOCK = 1 << 20  # numbers processed at a time
_WHOLE_WIDTH = {"LINEAR_EXACT", "SIGMOID"}
_SMALLEST, _LARGEST = 1e-9, 1e9  # a header's window beyond these is damaged: no scan needs it


def in_blocks(
    pixels: NDArray[Any], work: Callable[[NDArray[Any]], NDArray[Any]], kind: type[np.generic]
) -> NDArray[Any]:
    """Apply ``work`` to a few rows of pixels at a time, so that its temporary arrays stay small.

    Parameters
    ----------
    pixels
        (height, width) or (height, width, colours).
    work
        A pixel-wise function of (rows, width[, colours]) that returns (rows, width).
    kind
        Data type of the result.

    Returns
    -------
    The results, (height, width) of ``kind``.
    """
    rows = max(1, _BLOCK // max(1, math.prod(pixels.shape[1:])))
    found = np.empty(pixels.shape[:2], kind)
    for start in range(0, len(pixels), rows):
        found[start : start + rows] = work(pixels[start : start + rows])
    return found


def apply_window(values: NDArray[np.float32], window: Window) -> NDArray[np.uint8]:
    """Map values linearly so that the window's width spans black to white.

    This is the LINEAR_EXACT function of DICOM PS3.3 C.11.2.1.3.2: values below the window become
    0, values above it 255. Results are rounded to nearest; a width of 0 is a threshold.

    Parameters
    ----------
    values
        (height, width), in the units of the window.

    Returns
    -------
    The grey levels, (height, width) uint8.
    """
    low = window.centre - window.width / 2
    factor = _WHITE / max(window.width, 1e-9)

    def scaled(part: NDArray[np.float32]) -> NDArray[np.float64]:
        return np.clip(np.rint((part.astype(np.float64) - low) * factor), 0, _WHITE)

    return in_blocks(values, scaled, np.uint8)


def window_of_header(centre: float, width: float, function: str) -> Window | None:
    """Return the range that a header's VOI window spans; None where the numbers are impossible.

    Parameters
    ----------
    centre, width
        WindowCenter and WindowWidth.
    function
        VOILUTFunction. LINEAR spans from c - 0.5 - (w - 1) / 2 to c - 0.5 + (w - 1) / 2
        (DICOM PS3.3 C.11.2.1.2.1), LINEAR_EXACT and SIGMOID their whole width. Any other text,
        such as an empty element, counts as LINEAR, the standard's default.
    """
    # Written so that NaN is refused too.
    if not (abs(centre) <= _LARGEST and _SMALLEST <= width <= _LARGEST):
        return None
    if function not in _WHOLE_WIDTH and width >= 1:
        return Window(centre - 0.5, width - 1, stated=(centre, width))
    return Window(centre, width)


def is_padding(values: NDArray[np.float32], padding: tuple[float, float]) -> NDArray[np.bool_]:
    """Return which values lie in the padding range, whose lowest and highest value are inclusive."""
    low, high = padding
    return np.asarray((values >= low) & (values <= high))


def with_black_padding(
    grey: NDArray[np.uint8], values: NDArray[np.float32], padding: tuple[float, float] | None
) -> NDArray[np.uint8]:
    """Return grey levels, (height, width), with black where the values are padding.

    Padding is not part of the picture, and may have any value: under the window, or through an
    inversion, it could become white. ``padding`` is as in :func:`is_padding`; None if there is none.
    """
    if padding is None:
        return grey
    return np.where(is_padding(values, padding), np.uint8(0), grey)


def without_padding(
    values: NDArray[np.float32], padding: tuple[float, float] | None
) -> NDArray[np.float32]:
    """Return the values outside the padding range, in one dimension.

    Where there is no padding, or nothing but padding, the values are returned as given.
    ``padding`` is as in :func:`with_black_padding`.
    """
    if padding is None:
        return values
    kept = values[~is_padding(values, padding)]
    return kept if kept.size else values


def full_range(values: NDArray[np.float32]) -> Window:
    """Return the window from the lowest to the highest value; of width 1 if all are equal."""
    low, high = float(values.min()), float(values.max())
    return Window((low + high) / 2, (high - low) or 1.0)


def window_of_percentiles(values: NDArray[np.float32]) -> Window:
    """Return the window between the 0.5th and the 99.5th percentile of the values.

    Percentiles are taken over values above the minimum, so that a large black background does not
    distort them. Where all values are equal, the width is 1 and the image all black, so that no
    head is found in an empty slice.
    """
    inside = values[values > values.min()]
    if inside.size == 0:
        return Window(float(values.min()) + 0.5, 1.0)
    # In place, because a copy of a large image would take too much memory.
    bottom, top = map(float, np.percentile(inside, _PERCENTILES, overwrite_input=True))
    return Window((bottom + top) / 2, top - bottom) if top > bottom else full_range(values)

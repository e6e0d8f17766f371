"""Resampling images to square pixels, whatever the scanner's pixel spacing was."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.pictures.measurement import Spacing, usable_spacing

_LARGEST = 4096  # pixels per side: a damaged header must not fill the memory
_EQUAL = 0.005  # a smaller relative difference of the sides is invisible


def with_square_pixels(pixels: NDArray[np.uint8], pixel_size: Spacing | None) -> NDArray[np.uint8]:
    """Return an image resampled to the proportions of the body.

    Parameters
    ----------
    pixels
        (height, width) or (height, width, 3).
    pixel_size
        Height and width of a pixel, in any unit; where it is None or impossible, the image is
        returned unchanged.
    """
    spacing = usable_spacing(pixel_size)
    if spacing is None:
        return pixels
    rows, columns = spacing
    if abs(rows / columns - 1) < _EQUAL:
        return pixels
    finer = min(rows, columns)
    height, width = pixels.shape[0] * rows / finer, pixels.shape[1] * columns / finer
    factor = min(1.0, _LARGEST / max(height, width))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)

"""Images of the preprocessing steps, as the six panels of the published figure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.preprocessing import Preprocessed

_CONTOUR, _POINT = (47, 191, 143), (230, 159, 0)


def step_pictures(grey: NDArray[np.uint8], steps: Preprocessed) -> tuple[NDArray[np.uint8], ...]:
    """Return six images: original, contour, extreme points, cropped, filtered, input.

    Parameters
    ----------
    grey
        The (height, width) grey levels of the scan.
    steps
        The results of its preprocessing.

    Returns
    -------
    Each (h, w) grey or (h, w, 3) RGB; the first three have the size of the scan.
    """
    outline, thickness = steps.outline, max(1, max(grey.shape) // 150)
    contoured = np.repeat(grey[:, :, None], 3, axis=2)
    if len(outline.contour):
        cv2.drawContours(contoured, [outline.contour], -1, _CONTOUR, thickness)
    pointed = contoured.copy()
    for point in outline.extreme_points:
        cv2.circle(pointed, point, 3 * thickness, _POINT, -1)
    return grey, contoured, pointed, steps.cropped, steps.filtered, steps.resized

"""Drawing a stage's heatmap over the scan, as colours or contour lines, large or small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.exports.picture import colour_table, heatmap_overlay
from btgui.engine.pictures.square_pixels import with_square_pixels
from btgui.engine.results import Analysis, Explanation, StageMap

_CONTOUR_LEVELS = (0.5, 0.75)
CONTOURS_SAID = "Contour lines at 50 % and 75 % of the maximum"
_NEIGHBOURS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SMALL = 256  # pixels: the size of a thumbnail in the strip on a high-resolution screen


@dataclass(frozen=True)
class HeatStyle:
    """The user's heatmap style: colour map, opacity from 0 to 1, and contour lines or colours."""

    colour_map: str
    opacity: float
    contours: bool


@dataclass(frozen=True, eq=False)
class ShownHeat:
    """One stage of a reading's heatmaps and its style; the reading must have an explanation."""

    analysis: Analysis
    stage: StageMap
    style: HeatStyle


def scan_picture(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a (height, width) scan without a heatmap, as (height, width, 3) RGB."""
    return np.repeat(grey[:, :, None], 3, axis=2)


def stage_picture(
    grey: NDArray[np.uint8], on_scan: NDArray[np.float32], style: HeatStyle
) -> NDArray[np.uint8]:
    """Return a (height, width) scan overlaid with a stage's heatmap or contours, as RGB."""
    if style.contours:
        return _contoured(grey, on_scan, style.colour_map)
    return heatmap_overlay(grey, on_scan, style.colour_map, style.opacity)


class SmallPictures:
    """Thumbnails of the scan and every stage, redrawn only when the explanation or style changes."""

    def __init__(self) -> None:
        self._of: Explanation | None = None
        self._style: HeatStyle | None = None
        self._grey: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self._heats: list[NDArray[np.float32]] = []
        self._pictures: list[NDArray[np.uint8]] = []

    def draw(self, analysis: Analysis, style: HeatStyle) -> list[NDArray[np.uint8]]:
        """Return thumbnails of the scan and of each stage; none without an explanation.

        Each is (height, width, 3) uint8 RGB with square pixels. Do not modify them.
        """
        explanation = analysis.explanation
        if explanation is None:
            return []
        if explanation is self._of and style == self._style:
            return self._pictures
        if explanation is not self._of:
            self._grey = reduced_scan(analysis.scan.grey, _SMALL)
            self._heats = [reduced_heat(one.on_scan, _SMALL) for one in explanation.stages]
        self._of, self._style = explanation, style
        stages = [stage_picture(self._grey, heat, style) for heat in self._heats]
        pictures = [scan_picture(self._grey), *stages]
        size = analysis.scan.pixel_size
        self._pictures = [with_square_pixels(picture, size) for picture in pictures]
        return self._pictures


def reduced_scan(grey: NDArray[np.uint8], largest: int) -> NDArray[np.uint8]:
    """Return a (height, width) scan reduced to at most ``largest`` pixels per side."""
    return _reduced(grey, largest, cv2.INTER_AREA)


def reduced_heat(on_scan: NDArray[np.float32], largest: int) -> NDArray[np.float32]:
    """Return a (height, width) heatmap reduced to at most ``largest`` pixels per side; NaN is kept."""
    # Not averaged, because every average at the edge of the crop would be NaN, that is "not seen".
    return _reduced(on_scan, largest, cv2.INTER_NEAREST)


def _reduced(pixels: NDArray[Any], largest: int, interpolation: int) -> NDArray[Any]:
    height, width = pixels.shape[:2]
    factor = largest / max(height, width)
    if factor >= 1:
        return pixels
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=interpolation))


def _contoured(
    grey: NDArray[np.uint8], on_scan: NDArray[np.float32], colour_map: str
) -> NDArray[np.uint8]:
    """Draw contour lines of equal evidence over a scan, including those around holes."""
    picture = scan_picture(grey)
    thickness = max(1, max(grey.shape) // 220) | 1  # odd, so that the pen has a centre
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thickness, thickness))
    for level in _CONTOUR_LEVELS:
        mask = (on_scan >= level).astype(np.uint8)  # False for NaN
        # The area beyond the scan's edge counts as outside, so a line runs along the edge.
        inside = cv2.erode(mask, _NEIGHBOURS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        line = cv2.dilate(mask - inside, pen)
        picture[line > 0] = colour_table(colour_map)[round(level * 255)]
    return picture

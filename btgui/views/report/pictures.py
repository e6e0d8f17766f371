"""The pictures of a report: sharp on paper, in true proportions, and oriented as on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from btgui.engine.exports.heat_pictures import HeatStyle, stage_picture
from btgui.engine.exports.picture import colour_table
from btgui.engine.exports.shown_scan import ShownScan
from btgui.engine.pictures.measurement import Point, usable_spacing
from btgui.engine.results import StageMap
from btgui.views.widgets.picture_label import to_image

_SIDE = 900  # pixels of the longer side: about 260 dpi at half a page's width


@dataclass(frozen=True, eq=False)
class ReportedHeat:
    """A stage's heatmap with its display style and a description in words."""

    stage: StageMap
    style: HeatStyle
    words: str

    def legend(self) -> QImage:
        """Return the colour scale, from no evidence to most evidence."""
        return to_image(colour_table(self.style.colour_map)[None].repeat(8, axis=0))


def scan_image(shown: ShownScan) -> QImage:
    """Return the scan as displayed."""
    return to_image(shown.turn.applied_to(_enlarged(shown.grey(), shown)))


def heat_image(shown: ShownScan, heat: ReportedHeat) -> QImage:
    """Return the heatmap over the scan's own grey levels, oriented like the scan."""
    grey = _enlarged(shown.scan.grey, shown)
    # Not cubic, which would overshoot the maximum.
    on_scan = np.nan_to_num(heat.stage.on_scan, nan=0.0)
    strength = _enlarged(on_scan, shown, cv2.INTER_LINEAR)
    return to_image(shown.turn.applied_to(stage_picture(grey, strength, heat.style)))


def places(shown: ShownScan, points: tuple[Point, ...], on: QRectF) -> list[QPointF]:
    """Return the positions of scan points, in scan pixels, on a picture that fills ``on``."""
    height, width = shown.scan.shape
    (xx, xy), (yx, yy) = shown.turn.matrix()
    found = []
    for x, y in points:
        across, down = x / width - 0.5, y / height - 0.5  # relative to the centre of rotation
        seen_x, seen_y = xx * across + xy * down + 0.5, yx * across + yy * down + 0.5
        found.append(QPointF(on.x() + seen_x * on.width(), on.y() + seen_y * on.height()))
    return found


def _enlarged(
    pixels: NDArray[Any], shown: ShownScan, enlarging: int = cv2.INTER_CUBIC
) -> NDArray[Any]:
    rows, columns = usable_spacing(shown.scan.pixel_size) or (1.0, 1.0)
    height, width = pixels.shape[0] * rows, pixels.shape[1] * columns
    factor = _SIDE / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    smaller = size[0] < pixels.shape[1] and size[1] < pixels.shape[0]
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else enlarging)

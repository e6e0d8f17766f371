"""The pictures of a report: sharp on paper, in the body's proportions, turned as the reader has them."""

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

_SIDE = 900  # pixels of the longer side: on half a page's width 260 an inch


@dataclass(frozen=True, eq=False)
class ReportedHeat:
    """A stage's heatmap as it is shown, and in words which one it is."""

    stage: StageMap
    style: HeatStyle
    words: str

    def legend(self) -> QImage:
        """Return the colours from no evidence to most."""
        return to_image(colour_table(self.style.colour_map)[None].repeat(8, axis=0))


def scan_image(shown: ShownScan) -> QImage:
    """Return the scan as it is seen."""
    return to_image(shown.turn.applied_to(_enlarged(shown.grey(), shown)))


def heat_image(shown: ShownScan, heat: ReportedHeat) -> QImage:
    """Return the scan's own greys under the heatmap, turned like the scan."""
    grey = _enlarged(shown.scan.grey, shown)
    # Not cubic: that would overshoot the strongest place.
    on_scan = np.nan_to_num(heat.stage.on_scan, nan=0.0)
    strength = _enlarged(on_scan, shown, cv2.INTER_LINEAR)
    return to_image(shown.turn.applied_to(stage_picture(grey, strength, heat.style)))


def places(shown: ShownScan, points: tuple[Point, ...], on: QRectF) -> list[QPointF]:
    """Return where points of the scan, in its pixels, lie on its picture that fills ``on``."""
    height, width = shown.scan.shape
    (xx, xy), (yx, yy) = shown.turn.matrix()
    found = []
    for x, y in points:
        across, down = x / width - 0.5, y / height - 0.5  # from the middle, about which it turns
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

"""A scan and its outline, rotated and mirrored together."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform

from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.pictures.window_level import apply_window, is_padding
from btgui.engine.preprocessing import HeadOutline
from btgui.engine.scan import Scan, Window
from btgui.views.theme import ACCENT
from btgui.views.widgets.shrunk_picture import ShrunkPicture

_MOST = 1e30  # 32-bit floats end at 3e38


class _Image(pg.ImageItem):
    """An image item that averages pixels when drawn reduced, rather than dropping some."""

    def __init__(self, **options: str) -> None:
        self._shrunk = ShrunkPicture()
        super().__init__(**options)

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the picture."""
        if self.image is None:
            return
        if self._renderRequired:
            self.render()
        self._shrunk.draw(painter, self.boundingRect(), self.qimage, QRectF(self.qimage.rect()))


class _Points(pg.ScatterPlotItem):
    """Points that leave clicks to the measuring tool, which may be set on them."""

    def mouseClickEvent(self, event) -> None:  # noqa: ANN001, N802  (pyqtgraph's names)
        """Ignore clicks."""
        event.ignore()


class ScanPicture(pg.ItemGroup):
    """The picture and its marks, in the scan's coordinates: x and y in pixels of the file.

    The group's transform rotates and mirrors the whole, and draws pixels that are not square in
    their true proportions.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image = _Image(axisOrder="row-major")
        line = pg.mkPen(ACCENT, width=1.5, style=Qt.PenStyle.DashLine)
        self.crop = pg.PlotCurveItem(pen=line)
        self.contour = pg.PlotCurveItem(pen=pg.mkPen("#2fbf8f", width=1))
        self.points = _Points(size=7, pen=None, brush=pg.mkBrush("#e69f00"))
        self.outline = (self.crop, self.contour, self.points)
        for item in (self.image, *self.outline):
            self.addItem(item)

    def draw(self, scan: Scan, greys: Greys) -> None:
        """Draw a scan in these grey levels, at full depth if they are those of a window."""
        if greys.as_file:
            grey = 255 - scan.grey if greys.inverted else scan.grey
            self.image.setImage(grey, levels=(0, 255), autoLevels=False)
        else:
            # An inverted scan shows high values dark; inverted by the reader, bright again.
            self._draw_through(scan, greys.window, inverted=scan.inverted != greys.inverted)

    def turn(self, turn: PictureTurn, pixel_size: tuple[float, float]) -> None:
        """Rotate and mirror the picture, whose pixels have this (height, width)."""
        (xx, xy), (yx, yy) = turn.matrix()
        height = pixel_size[0] / pixel_size[1]
        self.setTransform(QTransform(xx, yx, xy * height, yy * height, 0, 0))

    def seen_rect(self) -> QRectF:
        """Return the bounding rectangle of the picture in its parent's coordinates."""
        return QRectF(self.mapRectToParent(self.image.boundingRect()))

    def show_outline(self, outline: HeadOutline | None) -> None:
        """Mark the crop, the head's contour and its extreme points; None removes them."""
        for item in self.outline:
            item.clear()
        if outline is None:
            return
        box = outline.box
        self.crop.setData(
            [box.left, box.right, box.right, box.left, box.left],
            [box.top, box.top, box.bottom, box.bottom, box.top],
        )
        if len(outline.contour):
            closed = np.vstack([outline.contour, outline.contour[:1]]) + 0.5
            self.contour.setData(closed[:, 0], closed[:, 1])
            points = np.array(outline.extreme_points) + 0.5
            self.points.setData(points[:, 0], points[:, 1])

    def to_scene(self, x: float, y: float) -> QPointF:
        """Return the scene position of a point (x, y) of the scan."""
        self._update_view()
        return QPointF(self.mapToScene(QPointF(x, y)))

    def from_scene(self, position: QPointF) -> tuple[float, float]:
        """Return the point (x, y) of the scan at a scene position."""
        self._update_view()
        place = self.mapFromScene(position)
        return place.x(), place.y()

    def _draw_through(self, scan: Scan, window: Window, *, inverted: bool) -> None:
        low, high = window.centre - window.width / 2, window.centre + window.width / 2
        values = scan.values
        if scan.padding is not None:
            dark = np.float32(high if scan.inverted else low)
            values = np.where(is_padding(values, scan.padding), dark, values)
        if not _fits_32_bits(scan, window):
            grey = apply_window(values, window)
            self.image.setImage(255 - grey if inverted else grey, levels=(0, 255))
            return
        values = -values if inverted else values
        self.image.setImage(
            values, levels=(-high, -low) if inverted else (low, high), autoLevels=False
        )

    def _update_view(self) -> None:
        box = self.getViewBox()
        if isinstance(box, pg.ViewBox):
            box.updateMatrix()  # else a zoom would take effect only at the next paint


def _fits_32_bits(scan: Scan, window: Window) -> bool:
    """Return whether drawing in 32 bits holds the values, also in units of the window's width."""
    peak = max(abs(float(scan.values.min())), abs(float(scan.values.max())), abs(window.centre))
    return max(peak, window.width) < _MOST and peak < _MOST * window.width

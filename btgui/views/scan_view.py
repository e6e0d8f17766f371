"""One scan, large: zoom, pan, brightness and contrast, and where the head was cropped."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from btgui.engine.preprocessing import HeadOutline
from btgui.engine.scan import Scan, Window
from btgui.views.theme import ACCENT

_EIGHT_BIT = Window(127.5, 255.0)
# Dragging across this many pixels doubles or moves the window by its own width.
_DRAG_PIXELS = 300.0


class WindowLevelBox(pg.ViewBox):
    """A view box in the habit of radiology: left drag is window and level, wheel zooms.

    Signals
    -------
    window_dragged(float, float)
        Horizontal (contrast) and vertical (brightness) part of a drag, in window widths.
    reset_requested()
        A double click.
    """

    window_dragged = Signal(float, float)
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(lockAspect=True, invertY=True, enableMenu=False)

    def mouseDragEvent(self, event, axis=None) -> None:  # noqa: ANN001, N802  (pyqtgraph's names)
        """Left drag changes the window; with Ctrl, or the middle button, it moves the picture."""
        left = event.button() == Qt.MouseButton.LeftButton
        moves = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if left and not moves:
            event.accept()
            change = event.screenPos() - event.lastScreenPos()
            self.window_dragged.emit(change.x() / _DRAG_PIXELS, change.y() / _DRAG_PIXELS)
            return
        super().mouseDragEvent(event, axis)

    def mouseDoubleClickEvent(self, event) -> None:  # noqa: ANN001, N802  (Qt's name)
        """Ask for the first view again."""
        event.accept()
        self.reset_requested.emit()


class ScanView(QWidget):
    """Shows a scan at its full depth, with the crop as an overlay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scan: Scan | None = None
        self._window = _EIGHT_BIT
        self._box = WindowLevelBox()
        self._graphics = pg.GraphicsView(background=QColor("#000000"))
        self._graphics.setCentralItem(self._box)
        self._graphics.setAcceptDrops(False)  # drops are for the window
        self._graphics.setAccessibleName("Scan")
        self._graphics.setToolTip(
            "Drag: brightness and contrast. Wheel: zoom. Ctrl+drag: move. Double click: reset."
        )
        self._image = pg.ImageItem(axisOrder="row-major")
        self._box.addItem(self._image)
        line = pg.mkPen(ACCENT, width=1.5, style=Qt.PenStyle.DashLine)
        self._crop = pg.PlotCurveItem(pen=line)
        self._contour = pg.PlotCurveItem(pen=pg.mkPen("#2fbf8f", width=1))
        self._points = pg.ScatterPlotItem(size=7, pen=None, brush=pg.mkBrush("#e69f00"))
        self._overlay = (self._crop, self._contour, self._points)
        for item in self._overlay:
            self._box.addItem(item)
        self._note = QLabel()
        self._note.setProperty("role", "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._graphics, 1)
        layout.addWidget(self._note)
        self._box.window_dragged.connect(self._change_window)
        self._box.reset_requested.connect(self.reset_view)
        self._graphics.sceneObj.sigMouseMoved.connect(self._tell_value)
        self.set_outline_visible(True)

    @property
    def window(self) -> Window:
        """The display window in use, in the scan's values."""
        return self._window

    def show_scan(self, scan: Scan) -> None:
        """Show a scan as its file wants it shown."""
        self._scan = scan
        self.show_outline(None)
        self.reset_view()

    def show_outline(self, outline: HeadOutline | None) -> None:
        """Mark the crop, the head's contour and its extreme points; None removes them."""
        for item in self._overlay:
            item.clear()
        if outline is None or self._scan is None:
            return
        box = outline.box
        self._crop.setData(
            [box.left, box.right, box.right, box.left, box.left],
            [box.top, box.top, box.bottom, box.bottom, box.top],
        )
        if len(outline.contour):
            closed = np.vstack([outline.contour, outline.contour[:1]]) + 0.5
            self._contour.setData(closed[:, 0], closed[:, 1])
            points = np.array(outline.extreme_points) + 0.5
            self._points.setData(points[:, 0], points[:, 1])

    def clear(self) -> None:
        """Show nothing."""
        self._scan = None
        self._image.clear()
        self.show_outline(None)
        self._note.clear()

    def reset_view(self) -> None:
        """Show the whole scan with its first brightness and contrast."""
        if self._scan is None:
            return
        self._window = self._scan.window or _EIGHT_BIT
        self._draw()
        self._box.setRange(self._image.boundingRect(), padding=0.02)

    def zoom(self, factor: float) -> None:
        """Zoom about the centre; above 1 is nearer."""
        self._box.scaleBy((1 / factor, 1 / factor))

    def outline_visible(self) -> bool:
        """Whether the crop is marked."""
        return self._crop.isVisible()

    def set_outline_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Mark the crop, or not."""
        for item in self._overlay:
            item.setVisible(visible)

    def _change_window(self, across: float, down: float) -> None:
        width = self._window.width
        self._window = Window(
            self._window.centre + down * width, max(width * 2**across, width * 1e-3, 1e-6)
        )
        self._draw()

    def _draw(self) -> None:
        if self._scan is None:
            return
        half = self._window.width / 2
        low, high = self._window.centre - half, self._window.centre + half
        inverted = self._scan.inverted
        values = -self._scan.values if inverted else self._scan.values
        levels = (-high, -low) if inverted else (low, high)
        self._image.setImage(values, levels=levels, autoLevels=False)
        self._say()

    def _say(self, under_cursor: str = "") -> None:
        if self._scan is None:
            return
        height, width = self._scan.shape
        window = f"window {self._window.width:.0f}, centre {self._window.centre:.0f}"
        self._note.setText(f" {width} x {height}   {window}   {under_cursor}")

    def _tell_value(self, position: QPointF) -> None:
        if self._scan is None:
            return
        point = self._box.mapSceneToView(position)
        column, row = int(np.floor(point.x())), int(np.floor(point.y()))
        height, width = self._scan.shape
        inside = 0 <= row < height and 0 <= column < width
        self._say(f"({column}, {row}): {self._scan.values[row, column]:.0f}" if inside else "")

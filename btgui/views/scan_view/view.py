"""The widget that shows one scan, with all display settings and tools."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import usable_spacing
from btgui.engine.pictures.presets import WindowPreset, window_presets
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.preprocessing import HeadOutline
from btgui.engine.scan import Scan
from btgui.views.scan_view.box import WindowLevelBox
from btgui.views.scan_view.camera import Camera
from btgui.views.scan_view.corners import Corners, corner_texts
from btgui.views.scan_view.measuring_tool import MeasuringTool
from btgui.views.scan_view.overlay import OverlayLayer
from btgui.views.scan_view.picture import ScanPicture
from btgui.views.scan_view.readout import Readout
from btgui.views.text import CONTROL
from btgui.views.widgets.picture_place import Place

_MOUSE = (
    f"Drag: contrast and brightness. Wheel: zoom, or scroll a series; {CONTROL}+wheel: zoom. "
    f"{CONTROL}+drag or middle button: pan. Double click: reset."
)
_BELOW_TOP = 4  # more pixels above the scan: as many in all as above the heatmap


@dataclass(frozen=True)
class _Display:
    """What depends on the scan in how it is displayed, in units that other scans share."""

    place: Place
    contrast: Contrast


class ScanView(QWidget):
    """Shows a scan at full depth, with the crop, measurements and text over it.

    Signals
    -------
    scan_changed()
        Another scan is shown, or none.
    display_changed()
        The window, the orientation, a tool or the text over the scan changed.
    place_changed()
        The reader zoomed, panned or reset the scan.
    """

    scan_changed = Signal()
    display_changed = Signal()
    place_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scan: Scan | None = None
        self._kept: _Display | None = None  # for the next scan, while none is shown
        self._greys = Greys()
        self._turn = PictureTurn()
        self._patient_visible = True
        self._box = WindowLevelBox()
        self._graphics = pg.GraphicsView(background=QColor("#000000"))
        self._graphics.setCentralItem(self._box)
        self._graphics.setAcceptDrops(False)  # drops are for the window
        self._graphics.setAccessibleName("Scan")
        self._graphics.setToolTip(_MOUSE)
        self.setFocusProxy(self._graphics)
        self.picture = ScanPicture()
        self._image, self._crop = self.picture.image, self.picture.crop
        self._box.addItem(self.picture)
        self._camera = Camera(self._box, self.picture)
        self.measuring = MeasuringTool(self.picture, self)
        self._box.tool = self.measuring
        self._layer = OverlayLayer(self._graphics, self.picture, self.measuring)
        self._note = Readout()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self._graphics, 1)
        self._layout.addWidget(self._note)
        self._connect()
        self.set_outline_visible(True)

    @property
    def scan(self) -> Scan | None:
        """The scan that is shown."""
        return self._scan

    @property
    def canvas(self) -> QWidget:
        """The graphics view that the scan is drawn on."""
        return self._graphics

    @property
    def greys(self) -> Greys:
        """The grey levels in which the scan is displayed."""
        return self._greys

    @property
    def turn(self) -> PictureTurn:
        """How the scan is rotated and mirrored."""
        return self._turn

    @property
    def corners(self) -> Corners:
        """The text over the scan, unless it is hidden."""
        return self._layer.corners

    def put_on_top(self, widget: QWidget) -> None:
        """Insert a widget, such as a toolbar, above the scan and before it in the tab order."""
        self._layout.insertWidget(0, widget)
        self._layout.insertSpacing(1, _BELOW_TOP)
        stops = [
            part
            for part in widget.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        # Before this view, not within: this view counts as the scan, which is its focus proxy.
        for before, after in pairwise([self.previousInFocusChain(), *stops]):
            QWidget.setTabOrder(before, after)

    def show_scan(self, scan: Scan, *, keep_display: bool = False) -> None:
        """Show a scan as its file specifies, with its earlier measurements.

        If the same picture was merely read again, such as for another model, the display does not
        change.

        Parameters
        ----------
        keep_display
            Keep the place, contrast and orientation of the previous scan: for the next slice of
            a series.
        """
        before, display = self._scan, self._display()
        again = before is not None and _picture(before) == _picture(scan)
        self._scan = scan = _presentable(scan)
        self._kept = None
        self._layer.scan = scan
        if not again:
            self.measuring.turn_to(_picture(scan))
        self.show_outline(None)
        if display is not None and (again or keep_display):
            self.set_contrast(display.contrast)
            self.set_place(display.place)
        else:
            self._reset()
        self.scan_changed.emit()

    def show_outline(self, outline: HeadOutline | None) -> None:
        """Mark the crop, the head's contour and its extreme points; None removes them."""
        self.picture.show_outline(None if self._scan is None else outline)

    def clear(self, *, keep_display: bool = False) -> None:
        """Show nothing.

        Parameters
        ----------
        keep_display
            Keep the place, contrast and orientation for the next scan: for a slice that cannot be
            read. They can be changed meanwhile.
        """
        self._kept = self._display() if keep_display else None
        self._scan = None
        self._image.clear()
        self.measuring.turn_to(None)
        self.show_outline(None)
        self._note.clear()
        self._tell_display()
        self.scan_changed.emit()

    def reset_view(self) -> None:
        """Show the whole scan with its initial window, neither rotated nor mirrored."""
        self._kept = None
        self._reset()
        self.place_changed.emit()

    def zoom(self, factor: float) -> None:
        """Zoom about the centre; factors above 1 zoom in."""
        self._camera.zoom(factor)
        self.place_changed.emit()

    def place(self) -> Place:
        """Return the visible part of the scan."""
        display = self._display()
        return Place() if display is None else display.place

    def set_place(self, place: Place) -> None:
        """Show this part of the scan."""
        if self._scan is not None:
            self._camera.go_to(place)
        elif self._kept is not None:
            self._kept = replace(self._kept, place=place)

    def contrast(self) -> Contrast:
        """Return the difference of the window from the one that the scan opened with."""
        display = self._display()
        return Contrast() if display is None else display.contrast

    def set_contrast(self, contrast: Contrast) -> None:
        """Set the window by its difference from the one that the scan opened with."""
        if self._scan is not None:
            self._set_greys(self._greys.with_contrast(self._scan, contrast))
        elif self._kept is not None:
            self._kept = replace(self._kept, contrast=contrast)
            self.display_changed.emit()

    def presets(self) -> tuple[WindowPreset, ...]:
        """Return the window presets of the scan, none without a scan."""
        return () if self._scan is None else window_presets(self._scan)

    def use_preset(self, name: str) -> None:
        """Apply the window preset of this name; a preset that the scan lacks changes nothing.

        The preset "file" also applies the VOI curve or lookup table of the file, if it has one.
        """
        for preset in self.presets():
            if preset.name == name:
                self._set_greys(self._greys.by(preset))

    def invert(self) -> None:
        """Swap black and white."""
        self._set_greys(replace(self._greys, inverted=not self._greys.inverted))

    def set_turn(self, turn: PictureTurn) -> None:
        """Rotate and mirror the scan, with measurements and letters; the same part stays visible."""
        place = self.place().before(self._turn).after(turn)
        self._turn = turn
        self._draw()
        self.set_place(place)

    def outline_visible(self) -> bool:
        """Whether the crop is marked."""
        return bool(self._crop.isVisible())

    def set_outline_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide the marks of the crop."""
        for item in self.picture.outline:
            item.setVisible(visible)
        self.display_changed.emit()

    def patient_visible(self) -> bool:
        """Whether lines that identify the patient are written over the scan."""
        return self._patient_visible

    def set_patient_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide the lines that identify the patient."""
        self._patient_visible = visible
        self._tell_display()

    def text_visible(self) -> bool:
        """Whether text is written over the scan."""
        return self._layer.text_visible

    def set_text_visible(self, visible: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide all text and letters over the scan."""
        self._layer.text_visible = visible
        self._tell_display()

    def magnifies(self) -> bool:
        """Whether a lens follows the cursor."""
        return self._layer.magnifies

    def set_magnifies(self, magnifies: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Show or hide the lens under the cursor."""
        self._layer.magnifies = magnifies
        self._show_tool()
        self._tell_display()

    def use_tool(self, tool: str) -> None:
        """Activate the ruler, the angle or, with "", no tool."""
        self.measuring.use(tool)
        self._show_tool()
        self.display_changed.emit()

    def picture_as_seen(self) -> QImage:
        """Return the scan as displayed, with measurements but no patient data, lens or frame."""
        layer = self._layer
        corners, magnifies = layer.corners, layer.magnifies
        layer.corners = self._corners(patient=False)
        layer.magnifies = layer.marks_focus = False
        picture = self._graphics.grab().toImage()
        layer.corners, layer.magnifies, layer.marks_focus = corners, magnifies, True
        return picture

    def _display(self) -> _Display | None:
        """Return how the scan is displayed, or the next one will be; None without either."""
        if self._scan is None:
            return self._kept
        return _Display(self._camera.place(), self._greys.contrast(self._scan))

    def _connect(self) -> None:
        self._box.window_dragged.connect(self._drag_window)
        self._box.reset_requested.connect(self.reset_view)
        self._box.sigRangeChanged.connect(self._tell_display)
        self._box.sigResized.connect(self._tell_display)
        self._box.sigRangeChangedManually.connect(self.place_changed)
        self._layer.cursor_moved.connect(self._follow)
        self.measuring.changed.connect(self._layer.update)

    def _drag_window(self, across: float, down: float) -> None:
        if self._scan is not None:
            self._set_greys(self._greys.dragged(self._scan, across, down))

    def _set_greys(self, greys: Greys) -> None:
        self._greys = greys
        self._draw()

    def _draw(self) -> None:
        if self._scan is None:
            return
        self.picture.draw(self._scan, self._greys)
        self.picture.turn(self._turn, self._scan.pixel_size)
        self._tell_display()

    def _reset(self) -> None:
        if self._scan is None:
            return
        self._greys, self._turn = Greys.of(self._scan), PictureTurn()
        self._draw()
        self._camera.fit()

    def _tell_display(self) -> None:
        """Update the text over and below the scan to its current display."""
        self._layer.corners = self._corners(patient=self._patient_visible)
        self._layer.update()
        self._read_out()
        self.display_changed.emit()

    def _corners(self, *, patient: bool) -> Corners:
        if self._scan is None:
            return Corners()
        zoom = self._camera.scale() * self._graphics.devicePixelRatioF()
        return corner_texts(self._scan, self._greys, zoom, self._turn, patient=patient)

    def _show_tool(self) -> None:
        """Show a cross cursor while a tool is active, and no tooltip that would be in its way."""
        tool = self.measuring.tool
        cursor = Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor
        self._graphics.viewport().setCursor(cursor)
        self._graphics.setToolTip("" if tool or self._layer.magnifies else _MOUSE)

    def _follow(self) -> None:
        if self._layer.cursor is not None:
            self.measuring.hover(self._layer.cursor)
        self._read_out()

    def _read_out(self) -> None:
        """Show the current value under the cursor, which may rest while the scan changes."""
        if self._scan is not None:
            cursor = self._layer.cursor
            place = None if cursor is None else self.picture.from_scene(cursor)
            self._note.tell(self._scan, place)


def _presentable(scan: Scan) -> Scan:
    """Return a scan without unusable values of a damaged header for position and pixel spacing."""
    spacing, place = usable_spacing(scan.spacing_mm), scan.slice_location_mm
    if spacing != scan.spacing_mm or not math.isfinite(place or 0.0):
        known = place if place is not None and math.isfinite(place) else None
        return replace(scan, spacing_mm=spacing, slice_location_mm=known)
    return scan


def _picture(scan: Scan) -> tuple[str, int]:
    """Return what identifies a picture: the digest of the file's content, and the frame."""
    return scan.sha256, scan.frame

"""The layer over the scan: text, orientation letters, measurements, lens and focus frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from btgui.engine.pictures.measurement import Measurement, Point
from btgui.engine.scan import Scan
from btgui.views.scan_view.corners import Corners
from btgui.views.scan_view.lens import paint_lens
from btgui.views.scan_view.measuring_tool import MeasuringTool
from btgui.views.scan_view.painting import (
    paint_corners,
    paint_frame,
    paint_letters,
    paint_measurement,
)
from btgui.views.scan_view.picture import ScanPicture


class OverlayLayer(QWidget):
    """Lies over a graphics view, ignores the mouse and draws at the screen's resolution.

    Attributes
    ----------
    magnifies
        Whether a lens follows the cursor.
    marks_focus
        Whether a frame is drawn while the scan has the keyboard focus.
    cursor
        The cursor's position in the scene, None while the cursor is elsewhere.

    Signals
    -------
    cursor_moved()
        The cursor moved over, entered or left the scan.
    """

    cursor_moved = Signal()

    def __init__(
        self, graphics: QGraphicsView, picture: ScanPicture, measuring: MeasuringTool
    ) -> None:
        super().__init__(graphics)
        self._graphics, self._picture, self._measuring = graphics, picture, measuring
        self.corners = Corners()
        self.text_visible = True
        self.scan: Scan | None = None
        self.magnifies = False
        self.marks_focus = True
        self.cursor: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        graphics.scene().sigMouseMoved.connect(self._follow)
        for watched in (graphics, graphics.viewport()):
            watched.installEventFilter(self)

    @property
    def lens_at(self) -> QPointF | None:
        """The centre of the lens; None if it is off, or if the cursor or a scan is missing."""
        return self.cursor if self.magnifies and self._picture.image.image is not None else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Follow the scan view's size; hide the lens when the cursor leaves it."""
        if event.type() == QEvent.Type.Leave:
            self._follow(None)
        elif event.type() == QEvent.Type.Resize:
            self.setGeometry(self._graphics.rect())
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw everything that lies over the scan."""
        del event
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        if self.text_visible:
            paint_corners(painter, QRectF(self.rect()), self.corners)
            paint_letters(painter, QRectF(self.rect()), self.corners)
        self._paint_measurements(painter, lambda place: place)
        if self.lens_at is not None:
            paint_lens(
                painter,
                self._graphics.scene(),
                self.lens_at,
                lambda magnified: self._paint_measurements(painter, magnified),
            )
        if self.marks_focus and self._graphics.hasFocus():
            paint_frame(painter, QRectF(self.rect()))
        painter.end()

    def _follow(self, position: QPointF | None) -> None:
        self.cursor = position
        self.update()
        self.cursor_moved.emit()

    def _paint_measurements(self, painter: QPainter, seen_at: Callable[[QPointF], QPointF]) -> None:
        def paint(points: Sequence[Point], text: str, *, chosen: bool) -> None:
            path = [seen_at(self._picture.to_scene(*point)) for point in points]
            paint_measurement(painter, path, text, chosen=chosen)

        tool = self._measuring
        for index, measurement in enumerate(tool.measurements):
            paint(measurement.points, self._text(measurement), chosen=index == tool.selected)
        if len(tool.draft) > 1:
            text = self._text(Measurement(tuple(tool.draft))) if len(tool.draft) > 2 else ""  # noqa: PLR2004  (an angle)
            paint(tool.draft, text, chosen=True)

    def _text(self, measurement: Measurement) -> str:
        scan = self.scan
        return "" if scan is None else measurement.text(scan.spacing_mm, scan.pixel_aspect)

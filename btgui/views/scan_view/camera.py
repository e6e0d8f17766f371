"""Which part of a scan is seen, in terms that scans of any size share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF

from btgui.views.scan_view.picture import ScanPicture

_ROOM = 0.02  # around a scan that is shown as a whole, in parts of its size


@dataclass(frozen=True)
class Place:
    """Which part of a scan is seen: its centre in parts of the picture, and how near it is."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0  # 1 shows the whole scan


class Camera:
    """Points a view box at a picture, and keeps it there when the box gets another size."""

    def __init__(self, box: pg.ViewBox, picture: ScanPicture) -> None:
        self._box, self._picture = box, picture
        self._kept = Place()
        box.sigRangeChangedManually.connect(self._keep)
        box.sigResized.connect(lambda: self.go_to(self._kept))

    def fit(self) -> None:
        """Show the whole picture with a little room around it."""
        self.go_to(Place())

    def zoom(self, factor: float) -> None:
        """Zoom about the centre; above 1 is nearer."""
        place = self.place()
        self.go_to(replace(place, zoom=place.zoom * factor))

    def place(self) -> Place:
        """Return which part of the picture is seen."""
        whole, seen = self._picture.seen_rect(), self._box.viewRect()
        if not (seen.width() and whole.width() and whole.height()):
            return Place()
        centre = seen.center() - whole.topLeft()
        zoom = self._fitting(whole).width() / seen.width()
        return Place(centre.x() / whole.width(), centre.y() / whole.height(), zoom)

    def go_to(self, place: Place) -> None:
        """Show this part of the picture."""
        self._kept = place
        whole = self._picture.seen_rect()
        if not (whole.width() and whole.height()):
            return
        fitting = self._fitting(whole)
        seen = QRectF(0, 0, fitting.width() / place.zoom, fitting.height() / place.zoom)
        across, down = place.x * whole.width(), place.y * whole.height()
        seen.moveCenter(whole.topLeft() + QPointF(across, down))
        self._box.setRange(seen, padding=0)

    def scale(self) -> float:
        """Return how many pixels of the screen a column of the scan is wide."""
        step = self._picture.to_scene(1, 0) - self._picture.to_scene(0, 0)
        return float((step.x() ** 2 + step.y() ** 2) ** 0.5)

    def _keep(self) -> None:
        self._kept = self.place()

    def _fitting(self, whole: QRectF) -> QRectF:
        """Return the part of the view's plane that is seen when the whole picture is fitted."""
        across, down = (1 + 2 * _ROOM) * whole.width(), (1 + 2 * _ROOM) * whole.height()
        shape = self._box.width() / max(self._box.height(), 1.0)
        return QRectF(0, 0, max(across, down * shape), max(down, across / shape))

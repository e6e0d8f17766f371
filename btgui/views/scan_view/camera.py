"""The visible part of a scan: zooming, panning, and keeping it when the view is resized."""

from __future__ import annotations

from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QSizeF

from btgui.views.scan_view.picture import ScanPicture
from btgui.views.widgets.picture_place import Place, fitting, seen_part

_FARTHEST, _NEAREST = 0.2, 64.0  # zoom limits; at 1 the whole picture fits the view


class Camera:
    """Points a view box at a part of a picture, and keeps it there when the box is resized.

    However the reader zooms and pans, some of the picture stays in view.
    """

    def __init__(self, box: pg.ViewBox, picture: ScanPicture) -> None:
        self._box, self._picture = box, picture
        self._kept = Place()
        box.sigRangeChangedManually.connect(self._keep)
        box.sigResized.connect(lambda: self.go_to(self._kept))

    def fit(self) -> None:
        """Show the whole picture with a small margin."""
        self.go_to(Place())

    def zoom(self, factor: float) -> None:
        """Zoom about the centre; factors above 1 zoom in."""
        place = self.place()
        self._move_to(replace(place, zoom=place.zoom * factor))

    def place(self) -> Place:
        """Return the visible part of the picture."""
        whole, seen = self._picture.seen_rect(), self._box.viewRect()
        if not (seen.width() and whole.width() and whole.height()):
            return Place()
        centre = seen.center() - whole.topLeft()
        zoom = fitting(whole.size(), self._size()).width() / seen.width()
        return Place(centre.x() / whole.width(), centre.y() / whole.height(), zoom)

    def go_to(self, place: Place) -> None:
        """Show this part of the picture."""
        self._kept = place
        whole = self._picture.seen_rect()
        if whole.width() and whole.height():
            self._box.setRange(seen_part(place, whole, self._size()), padding=0)

    def scale(self) -> float:
        """Return the width of a column of the scan in scene units."""
        step = self._picture.to_scene(1, 0) - self._picture.to_scene(0, 0)
        return float((step.x() ** 2 + step.y() ** 2) ** 0.5)

    def _keep(self) -> None:
        self._move_to(self.place())

    def _move_to(self, place: Place) -> None:
        """Show this part of the picture, adjusted to the limits."""
        zoom = min(max(place.zoom, _FARTHEST), _NEAREST)
        if zoom != place.zoom:  # at a limit, zooming about the cursor would still pan the picture
            place = replace(self._kept, zoom=zoom)
        self.go_to(replace(place, x=min(max(place.x, 0.0), 1.0), y=min(max(place.y, 0.0), 1.0)))

    def _size(self) -> QSizeF:
        return QSizeF(self._box.width(), self._box.height())

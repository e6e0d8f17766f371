"""Which part of a picture is seen, in terms that pictures of any size share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

from btgui.engine.pictures.turn import PictureTurn

_ROOM = 0.02  # around a picture that is shown as a whole, in parts of its size


@dataclass(frozen=True)
class Place:
    """Which part of a picture is seen: its centre in parts of the picture, and how near it is."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0  # 1 shows the whole picture

    def before(self, turn: PictureTurn) -> Place:
        """Return the same part of the picture as it was before this turn."""
        (xx, xy), (yx, yy) = turn.matrix()
        across, down = self.x - 0.5, self.y - 0.5
        return Place(0.5 + xx * across + yx * down, 0.5 + xy * across + yy * down, self.zoom)

    def after(self, turn: PictureTurn) -> Place:
        """Return where this part of the picture is once it is turned like this."""
        (xx, xy), (yx, yy) = turn.matrix()
        across, down = self.x - 0.5, self.y - 0.5
        return Place(0.5 + xx * across + xy * down, 0.5 + yx * across + yy * down, self.zoom)


def fitting(picture: QSizeF, view: QSizeF) -> QSizeF:
    """Return how much a view shows, in the picture's units, where the whole picture fits in it."""
    across, down = (1 + 2 * _ROOM) * picture.width(), (1 + 2 * _ROOM) * picture.height()
    shape = view.width() / max(view.height(), 1.0)
    return QSizeF(max(across, down * shape), max(down, across / max(shape, 1e-9)))


def seen_part(place: Place, picture: QRectF, view: QSizeF) -> QRectF:
    """Return what such a view shows, in the picture's units; it may reach beyond the picture."""
    whole = fitting(picture.size(), view)
    seen = QRectF(0, 0, whole.width() / place.zoom, whole.height() / place.zoom)
    across, down = place.x * picture.width(), place.y * picture.height()
    seen.moveCenter(picture.topLeft())
    seen.translate(across, down)
    return seen

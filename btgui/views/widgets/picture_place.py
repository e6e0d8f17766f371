"""The visible part of a picture, in units that pictures of any size share."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

from btgui.engine.pictures.turn import PictureTurn

_ROOM = 0.02  # margin around a picture shown as a whole, as a share of its size


@dataclass(frozen=True)
class Place:
    """The visible part of a picture: its centre as shares of the picture's size, and the zoom."""

    x: float = 0.5
    y: float = 0.5
    zoom: float = 1.0  # 1 shows the whole picture

    def before(self, turn: PictureTurn) -> Place:
        """Return the place of this part in the picture before this rotation or mirroring."""
        (xx, xy), (yx, yy) = turn.matrix()
        across, down = self.x - 0.5, self.y - 0.5
        return Place(0.5 + xx * across + yx * down, 0.5 + xy * across + yy * down, self.zoom)

    def after(self, turn: PictureTurn) -> Place:
        """Return the place of this part in the picture after this rotation or mirroring."""
        (xx, xy), (yx, yy) = turn.matrix()
        across, down = self.x - 0.5, self.y - 0.5
        return Place(0.5 + xx * across + xy * down, 0.5 + yx * across + yy * down, self.zoom)


def fitting(picture: QSizeF, view: QSizeF) -> QSizeF:
    """Return the size, in the picture's units, of a view that fits the whole picture."""
    across, down = (1 + 2 * _ROOM) * picture.width(), (1 + 2 * _ROOM) * picture.height()
    shape = view.width() / max(view.height(), 1.0)
    return QSizeF(max(across, down * shape), max(down, across / max(shape, 1e-9)))


def seen_part(place: Place, picture: QRectF, view: QSizeF) -> QRectF:
    """Return the rectangle in view, in the picture's units; it may extend beyond the picture."""
    whole = fitting(picture.size(), view)
    seen = QRectF(0, 0, whole.width() / place.zoom, whole.height() / place.zoom)
    across, down = place.x * picture.width(), place.y * picture.height()
    seen.moveCenter(picture.topLeft())
    seen.translate(across, down)
    return seen

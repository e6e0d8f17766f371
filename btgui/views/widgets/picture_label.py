"""A widget that shows a picture, or a part of it, smoothly scaled at its own proportions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from btgui.views.theme import QUIET_TEXT
from btgui.views.widgets.picture_place import Place, seen_part
from btgui.views.widgets.shrunk_picture import ShrunkPicture


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """Return a QImage with a copy of (h, w) grey or (h, w, 3) RGB uint8 pixels."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    colour = pixels.ndim == 3  # noqa: PLR2004  (rows, columns, colours)
    form = QImage.Format.Format_RGB888 if colour else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, width, height, pixels.strides[0], form).copy()


class PictureLabel(QWidget):
    """Shows a picture, a sentence, or both.

    Signals
    -------
    clicked()
        The left button was pressed on it.
    """

    clicked = Signal()

    def __init__(self, smallest: int = 64, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._shrunk = ShrunkPicture()
        self._place = Place()
        self._text = ""
        self._smallest = smallest
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pixels(self, pixels: NDArray[np.uint8], text: str = "") -> None:
        """Show (h, w) grey or (h, w, 3) RGB pixels, with a sentence over them if given."""
        self.show_image(to_image(pixels), text)

    def show_text(self, text: str) -> None:
        """Show a sentence only."""
        self.show_image(None, text)

    def show_image(self, image: QImage | None, text: str = "") -> None:
        """Show a picture, if there is one, with a sentence over it if given."""
        self._image, self._text = image, text
        self.setAccessibleDescription(text)  # screen readers cannot read painted text
        self.update()

    def show_part(self, place: Place) -> None:
        """Show this part of the current picture and of the following ones."""
        if place != self._place:
            self._place = place
            self.update()

    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return self._image is not None

    def text(self) -> str:
        """Return the sentence that is shown, or ""."""
        return self._text

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return a moderate size, which the layout can stretch."""
        return QSize(self._smallest * 2, self._smallest * 2)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the smallest useful size."""
        return QSize(self._smallest, self._smallest)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Emit :attr:`clicked` for the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the picture centred on black, and the sentence."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        if self._image is not None:
            self._draw_part(painter, self._image)
        if self._text:
            painter.setPen(QUIET_TEXT)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            if self._image is not None:
                flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), flags, self._text)
        painter.end()

    def _draw_part(self, painter: QPainter, image: QImage) -> None:
        """Draw the part of the picture that is in view."""
        whole, view = QRectF(image.rect()), QRectF(self.rect())
        seen = seen_part(self._place, whole, view.size())
        scale = view.width() / seen.width()
        to_view = QTransform.fromScale(scale, scale).translate(-seen.left(), -seen.top())
        part = whole & seen
        self._shrunk.draw(painter, to_view.mapRect(part), image, part)

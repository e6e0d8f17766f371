"""Drawing of pictures at less than half their size, where Qt alone would skip rows and columns."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QTransform

_HALF = 0.5  # down to this scale, the four neighbours that Qt interpolates cover every pixel


class ShrunkPicture:
    """Draws pictures so that every pixel counts; caches the last reduced picture."""

    def __init__(self) -> None:
        self._of: tuple[int, QSize] | None = None
        self._shrunk = QImage()

    def draw(self, painter: QPainter, place: QRectF, image: QImage, part: QRectF) -> None:
        """Draw a part of an image into the rectangle ``place``, smoothly scaled."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        to_screen = painter.deviceTransform()
        across = math.hypot(to_screen.m11(), to_screen.m12()) * place.width() / part.width()
        down = math.hypot(to_screen.m21(), to_screen.m22()) * place.height() / part.height()
        if min(across, down) < _HALF:
            whole = image.size()
            image = self._made_smaller(image, min(1.0, across), min(1.0, down))
            smaller = QTransform.fromScale(
                image.width() / whole.width(), image.height() / whole.height()
            )
            part = smaller.mapRect(part)
        painter.drawImage(place, image, part)

    def _made_smaller(self, image: QImage, across: float, down: float) -> QImage:
        size = QSize(math.ceil(image.width() * across), math.ceil(image.height() * down))
        if self._of != (image.cacheKey(), size):
            self._shrunk = _averaged(image, size)
            self._of = image.cacheKey(), size
        return self._shrunk


def _averaged(image: QImage, size: QSize) -> QImage:
    # Not QImage.scaled, which takes three times as long: too slow while brightness is dragged.
    if image.format() != QImage.Format.Format_Grayscale8:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : image.width() * image.depth() // 8].reshape(
        *rows.shape[:1], image.width(), -1
    )
    small = cv2.resize(pixels, size.toTuple(), interpolation=cv2.INTER_AREA)
    return QImage(small.data, *size.toTuple(), small.strides[0], image.format()).copy()

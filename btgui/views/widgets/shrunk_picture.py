"""Pictures drawn smaller than half their size: Qt alone would pass over rows and columns."""

from __future__ import annotations

import math

import cv2
import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QTransform

_HALF = 0.5  # down to which four neighbours, which Qt looks at, are all there are


class ShrunkPicture:
    """Draws pictures in which every pixel counts; the last one that was made smaller is kept."""

    def __init__(self) -> None:
        self._of: tuple[int, QSize] | None = None
        self._shrunk = QImage()

    def draw(self, painter: QPainter, place: QRectF, image: QImage, part: QRectF) -> None:
        """Fill a place with a part of an image, smoothly."""
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
    # Not QImage.scaled, which takes three times as long: brightness is dragged meanwhile.
    if image.format() != QImage.Format.Format_Grayscale8:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = rows[:, : image.width() * image.depth() // 8].reshape(
        *rows.shape[:1], image.width(), -1
    )
    small = cv2.resize(pixels, size.toTuple(), interpolation=cv2.INTER_AREA)
    return QImage(small.data, *size.toTuple(), small.strides[0], image.format()).copy()

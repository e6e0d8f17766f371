"""How a scan becomes the network's input: the six pictures of the published figure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from btgui.engine.preprocessing import HeadOutline, Preprocessed
from btgui.engine.scan import Scan
from btgui.views.picture_label import PictureLabel

_CAPTIONS = (
    "1  Original",
    "2  Largest contour",
    "3  Extreme points",
    "4  Cropped",
    "5  Denoised",
    "6  What the network sees",
)
_COLUMNS = 3


class PreprocessingView(QWidget):
    """Six steps side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        self.pictures: list[PictureLabel] = []
        for index, caption in enumerate(_CAPTIONS):
            picture, label = PictureLabel(96), QLabel(caption)
            picture.setAccessibleName(caption)
            picture.setToolTip(caption)
            label.setProperty("role", "quiet")
            label.setWordWrap(True)
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(picture, 1)
            cell.addWidget(label)
            layout.addLayout(cell, index // _COLUMNS, index % _COLUMNS)
            layout.setColumnStretch(index % _COLUMNS, 1)
            self.pictures.append(picture)
        self._note = QLabel()
        self._note.setProperty("role", "quiet")
        self._note.setWordWrap(True)
        layout.addWidget(self._note, 2, 0, 1, _COLUMNS)

    def show_steps(self, scan: Scan, steps: Preprocessed) -> None:
        """Show a scan's way through the preprocessing."""
        outline = steps.outline
        shown = (
            scan.grey,
            _with_contour(scan.grey, outline),
            _with_points(scan.grey, outline),
            steps.cropped,
            steps.filtered,
            steps.resized,
        )
        for picture, pixels in zip(self.pictures, shown, strict=True):
            picture.show_pixels(pixels)
        box, (height, width) = outline.box, steps.resized.shape[:2]
        self._note.setText(
            outline.note
            or f"Kept: {box.width} x {box.height} pixels from ({box.left}, {box.top}); "
            f"network input {width} x {height}."
        )

    def clear(self) -> None:
        """Show nothing."""
        for picture in self.pictures:
            picture.show_text("")
        self._note.clear()


def _with_contour(grey: NDArray[np.uint8], outline: HeadOutline) -> NDArray[np.uint8]:
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    if len(outline.contour):
        cv2.drawContours(picture, [outline.contour], -1, (47, 191, 143), _thickness(grey))
    return picture


def _with_points(grey: NDArray[np.uint8], outline: HeadOutline) -> NDArray[np.uint8]:
    picture = _with_contour(grey, outline)
    for point in outline.extreme_points:
        cv2.circle(picture, point, 3 * _thickness(grey), (230, 159, 0), -1)
    return picture


def _thickness(grey: NDArray[np.uint8]) -> int:
    return max(1, max(grey.shape) // 150)

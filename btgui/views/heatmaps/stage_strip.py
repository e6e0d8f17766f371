"""The strip of small pictures: the original and every stage, to choose from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from btgui.views.actions import set_tip_with_keys
from btgui.views.theme import ACCENT, QUIET_TEXT
from btgui.views.widgets.labels import plain_label
from btgui.views.widgets.picture_label import PictureLabel
from btgui.views.widgets.picture_place import Place

_HEIGHT, _LOW = 150, 104
_SMALLEST = 48  # pixels: the least size of a picture
_GAP = 1  # pixels between a picture and its caption


class StageStrip(QWidget):
    """Small pictures with captions, which get smaller in a low window.

    Signals
    -------
    stage_chosen(int)
        A picture was clicked; 0 is the original.
    """

    stage_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.pictures: list[PictureLabel] = []
        self.captions: list[QLabel] = []
        self._place = Place()
        self.set_low(low=False)

    def set_low(self, *, low: bool) -> None:
        """Limit the height, so that the scan above has more room, or restore it."""
        self.setMaximumHeight(_LOW if low else _HEIGHT)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the preferred height, with or without pictures."""
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the least height, the same without pictures: nothing moves when they come."""
        least = _SMALLEST + _GAP + self.fontMetrics().height()
        return QSize(super().minimumSizeHint().width(), least)

    def show_pictures(
        self, pictures: list[tuple[str, NDArray[np.uint8], str]], chosen: int
    ) -> None:
        """Show (caption, pixels, remark) for the original and each stage."""
        while len(self.pictures) < len(pictures):
            self._add_place()
        for index, (picture, caption) in enumerate(zip(self.pictures, self.captions, strict=True)):
            picture.setVisible(index < len(pictures))
            caption.setVisible(index < len(pictures))
            if index < len(pictures):
                words, pixels, remark = pictures[index]
                picture.show_pixels(pixels)
                picture.setAccessibleName(f"{words}, none" if remark else words)
                set_tip_with_keys(picture, remark or words, "" if remark else f"stage_{index}")
                colour, weight = (ACCENT, 700) if index == chosen else (QUIET_TEXT, 400)
                # Not "Stage 1, none": in a large font, five of these widened the window.
                caption.setText(f"{index}: none" if remark else words)
                caption.setStyleSheet(f"color: {colour.name()}; font-weight: {weight};")

    def show_part(self, place: Place) -> None:
        """Show this part of each picture, and of those shown later."""
        self._place = place
        for picture in self.pictures:
            picture.show_part(place)

    def clear(self) -> None:
        """Hide all pictures."""
        for widget in (*self.pictures, *self.captions):
            widget.hide()

    def _add_place(self) -> None:
        number = len(self.pictures)
        picture, caption = PictureLabel(_SMALLEST), plain_label()
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        picture.show_part(self._place)
        picture.clicked.connect(lambda: self.stage_chosen.emit(number))
        picture.setCursor(Qt.CursorShape.PointingHandCursor)
        cell = QVBoxLayout()
        cell.setSpacing(_GAP)
        cell.addWidget(picture, 1)
        cell.addWidget(caption)
        self._layout.addLayout(cell, 1)
        self.pictures.append(picture)
        self.captions.append(caption)

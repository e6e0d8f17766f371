"""Scans as the network may see them: one row per scan, first unchanged, then augmented."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QGridLayout, QWidget

from btgui.engine.errors import DatasetError
from btgui.views.text import plain_tip
from btgui.views.widgets.labels import plain_label
from btgui.views.widgets.picture_label import PictureLabel

_SMALLEST = 72


@dataclass(frozen=True)
class ShownSample:
    """A scan's class and its pictures, of which the first is unchanged."""

    label: str
    pictures: tuple[QImage, ...]


def read_samples(file: Path) -> list[ShownSample]:
    """Read the samples that ``training preview`` wrote; call this off the GUI thread.

    Raises
    ------
    DatasetError
        A file is missing or its content is invalid.
    """
    try:
        return [
            ShownSample(
                str(one["label"]),
                tuple(_read_picture(Path(name)) for name in (one["plain"], *one["changed"])),
            )
            for one in json.loads(file.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"The preview cannot be read ({error}). Choose Show others.") from error


class SampleGrid(QWidget):
    """A grid of sample pictures with their classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: list[PictureLabel] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)

    def show_samples(self, samples: list[ShownSample], names: dict[str, str]) -> None:
        """Replace the samples shown; ``names`` gives the name to show for each class."""
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        self.pictures = []
        columns = max(len(sample.pictures) for sample in samples)
        self._add_text("Original", 0, 0, 1)
        if columns > 1:
            self._add_text("Changed at random", 0, 1, columns - 1)
        for row, sample in enumerate(samples):
            name = names.get(sample.label, sample.label)
            self._add_text(name, 2 * row + 1, 0, columns)
            for column, image in enumerate(sample.pictures):
                picture = PictureLabel(_SMALLEST)
                picture.show_image(image)
                picture.setAccessibleName(f"{name}, {'changed' if column else 'original'}")
                picture.setToolTip(plain_tip(name))
                self._grid.addWidget(picture, 2 * row + 2, column)
                self._grid.setRowStretch(2 * row + 2, 1)
                self.pictures.append(picture)

    def _add_text(self, text: str, row: int, column: int, span: int) -> None:
        self._grid.addWidget(plain_label(text, "quiet"), row, column, 1, span)


def _read_picture(file: Path) -> QImage:
    image = QImage(str(file))
    if image.isNull():
        raise ValueError(f"{file.name} is not a picture")
    return image

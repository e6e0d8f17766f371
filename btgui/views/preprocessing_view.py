"""How a scan becomes the network's input: the six steps of the published figure."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from btgui.engine.preprocessing import Preprocessed
from btgui.engine.preprocessing_pictures import step_pictures
from btgui.engine.scan import Scan
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.picture_label import PictureLabel

_CAPTIONS = (
    "1. Original",
    "2. Largest contour",
    "3. Extreme points",
    "4. Cropped",
    "5. Denoised",
    "6. What the network sees",
)
_COLUMNS = 3


class PreprocessingView(QWidget):
    """Six pictures, one for each step, in two rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: tuple[Scan, Preprocessed] | None = None  # to be drawn once visible
        self.setAccessibleName("Preprocessing")  # it gets the focus when its tab is chosen
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setVerticalSpacing(3)
        self.pictures: list[PictureLabel] = []
        for index, caption in enumerate(_CAPTIONS):
            picture, label = PictureLabel(96), paragraph(caption, "quiet")
            picture.setAccessibleName(caption)
            picture.setToolTip(caption)
            # Captions have a row of their own: one of two lines must not make its picture smaller.
            row, column = 2 * (index // _COLUMNS), index % _COLUMNS
            layout.addWidget(picture, row, column)
            layout.addWidget(label, row + 1, column, Qt.AlignmentFlag.AlignTop)
            layout.setRowStretch(row, 1)
            layout.setColumnStretch(column, 1)
            self.pictures.append(picture)
        self._note = paragraph(role="quiet")
        layout.addWidget(self._note, layout.rowCount(), 0, 1, _COLUMNS)

    def show_steps(self, scan: Scan, steps: Preprocessed) -> None:
        """Show a scan's preprocessing steps; a hidden page draws them once it is visible."""
        self._waiting = scan, steps
        if self.isVisible():
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw the steps that came while the page was hidden."""
        self._draw()
        super().showEvent(event)

    def _draw(self) -> None:
        if self._waiting is None:
            return
        (scan, steps), self._waiting = self._waiting, None
        for picture, pixels in zip(self.pictures, step_pictures(scan.grey, steps), strict=True):
            picture.show_pixels(pixels)
        outline = steps.outline
        box, (height, width) = outline.box, steps.resized.shape[:2]
        self._note.setText(
            f"Cropped to {box.width} x {box.height} pixels from ({box.left}, {box.top}); "
            f"network input {width} x {height}. {outline.note}".rstrip()
        )

    def clear(self) -> None:
        """Show nothing."""
        self._waiting = None
        for picture in self.pictures:
            picture.show_text("")
        self._note.clear()

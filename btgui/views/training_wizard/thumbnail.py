"""A scan's small picture that arrives when it has been made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from btgui.views.text import plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader


class Thumbnail(QLabel):
    """A square of so many pixels; black until its picture comes.

    Parameters
    ----------
    path
        The scan, whose picture ``loader`` is asked for when it is first seen: the loader drops
        the oldest of very many.
    """

    def __init__(
        self, path: Path, side: int, loader: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._loader = loader
        self._asked = False
        self.setFixedSize(side, side)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        # No style sheet: dozens of these would each take time to be styled.
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor("#000000"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"Picture of {path.name}")
        self.setToolTip(plain_tip(path.name))
        loader.thumbnail_ready.connect(self._arrived)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Draw it, and ask for its picture the first time."""
        if not self._asked:
            self._asked = True
            self._loader.ask(self.path)
        super().paintEvent(event)

    def _arrived(self, path: Path, image: QImage, _digest: str) -> None:
        if path != self.path:
            return
        if image.isNull():
            self.setText("cannot\nbe read")
            self.setToolTip(plain_tip(f"{path.name} cannot be read."))
            return
        ratio = self.devicePixelRatioF()
        side = round(self.width() * ratio)
        picture = QPixmap.fromImage(image).scaled(
            side,
            side,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)

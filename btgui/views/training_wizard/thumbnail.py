"""A thumbnail of a scan that appears when it has been loaded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from btgui.views.text import plain_tip
from btgui.views.thumbnail_loader import ThumbnailLoader


class Thumbnail(QLabel):
    """A square of ``side`` pixels, black until its picture has been loaded.

    Parameters
    ----------
    path
        The scan. Its picture is requested from ``loader`` when the label is first painted:
        the loader drops the oldest requests where there are very many.
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
        # No style sheet: styling dozens of these labels would take time.
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor("#000000"))
        self.setPalette(palette)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"Picture of {path.name}")
        self.setToolTip(plain_tip(path.name))
        loader.thumbnail_ready.connect(self._arrived)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt's name)
        """Paint the label, and request its picture the first time."""
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

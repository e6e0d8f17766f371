"""A grid of scan thumbnails with a line or two of text; a click opens a scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from btgui.views.text import counted, plain_tip
from btgui.views.thumbnail_loader import THUMBNAIL_SIDE, ThumbnailLoader
from btgui.views.widgets.labels import paragraph

LISTED = 200
_MOST_LETTERS = 28
_GAP = 16


@dataclass(frozen=True)
class ListedScan:
    """A scan with the text under its thumbnail and that of its tooltip."""

    path: Path
    text: str
    tip: str


def place_of(path: Path) -> str:
    """Return a file's folder and name: slices of different patients often share a file name."""
    return str(Path(*path.parts[-2:]))


class ScanGrid(QWidget):
    """A heading and, below it, the thumbnails of scans.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the window.
    """

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = ThumbnailLoader(self)
        self.heading = paragraph()
        self.scans = QListWidget()
        self.scans.setViewMode(QListWidget.ViewMode.IconMode)
        self.scans.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.scans.setMovement(QListWidget.Movement.Static)
        self.scans.setIconSize(QSize(THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        self.scans.setWordWrap(True)
        self.scans.setAccessibleName("Scans")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addWidget(self.scans, 1)
        self.scans.itemActivated.connect(self._open)
        self.scans.itemClicked.connect(self._open)
        self._loader.thumbnail_ready.connect(self._picture_made)

    def show_scans(self, heading: str, scans: Sequence[ListedScan]) -> None:
        """Show these scans, at most :data:`LISTED`, in place of the previous ones."""
        self._loader.forget()
        self.scans.clear()
        self.heading.setText(heading)
        for scan in scans[:LISTED]:
            item = QListWidgetItem(scan.text)
            item.setData(Qt.ItemDataRole.UserRole, scan.path)
            item.setToolTip(plain_tip(scan.tip))
            self.scans.addItem(item)
            self._loader.ask(scan.path)
        self.scans.setGridSize(self._cell_size(scans))

    def close_workers(self) -> None:
        """Stop making thumbnails."""
        self._loader.close()

    def _cell_size(self, scans: Sequence[ListedScan]) -> QSize:
        """Return room for a thumbnail and the longest line; lines above a limit are wrapped."""
        metrics = self.scans.fontMetrics()
        lines = [line for scan in scans[:LISTED] for line in scan.text.split("\n")]
        widest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        tallest = max((scan.text.count("\n") + 1 for scan in scans[:LISTED]), default=1)
        most = max(THUMBNAIL_SIDE, _MOST_LETTERS * metrics.averageCharWidth())
        width = min(max(THUMBNAIL_SIDE, widest), most) + _GAP
        return QSize(width, THUMBNAIL_SIDE + tallest * metrics.lineSpacing() + _GAP)

    def _picture_made(self, path: object, image: QImage, _digest: str) -> None:
        for row in range(self.scans.count()):
            item = self.scans.item(row)
            if item.data(Qt.ItemDataRole.UserRole) == path and not image.isNull():
                item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _open(self, item: QListWidgetItem) -> None:
        self.open_requested.emit(item.data(Qt.ItemDataRole.UserRole))


def scans_words(count: int, what: str) -> str:
    """Return a heading: what is listed, whether the list is cut, and what a click does."""
    if not count:
        return f"No scan {what}."
    cut = f" (the {LISTED} most certain)" if count > LISTED else ""
    return f"{counted(count, 'scan')} {what}{cut}. Click one to open it; the model in use reads it."

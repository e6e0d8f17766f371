"""The list of scans: those that are chosen, and the one that is looked at."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from btgui.views.browser.scan_list_delegate import ScanListDelegate
from btgui.views.browser.scan_list_model import PATH_ROLE, ScanListModel
from btgui.views.thumbnail_loader import ThumbnailLoader


class ScanList(QListView):
    """Whoever goes through it by keys or clicks sees each scan; several may be chosen.

    Signals
    -------
    scan_requested(Path)
        The user wants to see this scan. A choice of several, made wider or smaller, asks for
        none.
    """

    scan_requested = Signal(object)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scans = ScanListModel(loader, self)
        self.setModel(self.scans)
        self.setItemDelegate(ScanListDelegate(self))
        self.setUniformItemSizes(True)
        # Rows of one height are laid out at once; in batches, a far row could not be scrolled to.
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName("Scans")
        self.clicked.connect(self._ask_for_chosen)
        self.activated.connect(self._ask)

    def chosen(self) -> list[Path]:
        """Return the chosen scans in order."""
        indexes = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return [index.data(PATH_ROLE) for index in indexes]

    def choose(self, path: Path) -> None:
        """Choose a scan without asking for it."""
        row = self.scans.row_of(path)
        if row >= 0 and path not in self.chosen():
            # Not as Qt would choose it: while Ctrl is held, that adds to what is chosen.
            self.selectionModel().setCurrentIndex(
                self.scans.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def ask_for(self, row: int) -> None:
        """Choose the scan in a row, and ask for it."""
        self.setCurrentIndex(self.scans.index(row))
        self._ask(self.scans.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Ask for the scan that a key went to, if it alone is chosen."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        now = self.currentIndex()
        if now != before and self.selectionModel().selectedIndexes() == [now]:
            self._ask(now)

    def _ask_for_chosen(self, index: QModelIndex) -> None:
        """Ask for a scan that was clicked, unless the click took it out of those chosen."""
        if self.selectionModel().isSelected(index):
            self._ask(index)

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.scan_requested.emit(index.data(PATH_ROLE))

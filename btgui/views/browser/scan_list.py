"""The list of single scans, in which one is open and several can be selected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from btgui.views.browser.scan_list_delegate import ScanListDelegate
from btgui.views.browser.scan_list_model import PATH_ROLE, ScanListModel
from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.widgets.selected_rows import selected_rows


class ScanList(QListView):
    """A list that requests each scan that the user moves to by key or click.

    Signals
    -------
    scan_requested(Path)
        The user wants to see this scan. Extending or reducing a selection of several scans
        requests none.
    """

    scan_requested = Signal(object)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scans = ScanListModel(loader, self)
        self.setModel(self.scans)
        self.setItemDelegate(ScanListDelegate(self))
        self.setUniformItemSizes(True)
        # Rows of one height are laid out at once: in batches, a far row could not be scrolled to.
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName("Scans")
        self.clicked.connect(self._ask_for_chosen)
        self.activated.connect(self._ask)

    def chosen(self) -> list[Path]:
        """Return the selected scans in order."""
        paths = self.scans.paths()
        return [paths[row] for row in selected_rows(self)]

    def count_chosen(self) -> int:
        """Return the number of selected scans."""
        return len(selected_rows(self))

    def choose(self, path: Path) -> None:
        """Select a scan without requesting it."""
        row = self.scans.row_of(path)
        index = self.scans.index(row)
        if row >= 0 and not self.selectionModel().isSelected(index):
            # Not setCurrentIndex of the view, which adds to the selection while Ctrl is held.
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )

    def ask_for(self, row: int) -> None:
        """Select the scan in a row, and request it."""
        self.setCurrentIndex(self.scans.index(row))
        self._ask(self.scans.index(row))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Request the scan that a key moved to, if it alone is selected."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        now = self.currentIndex()
        if now != before and self.count_chosen() == 1:
            self._ask_for_chosen(now)

    def dataChanged(  # noqa: N802  (Qt's name)
        self, first: QModelIndex, last: QModelIndex, roles: Sequence[int] = ()
    ) -> None:
        """Draw the changed rows again; QListView would lay out the whole list anew."""
        QAbstractItemView.dataChanged(self, first, last, roles)

    def _ask_for_chosen(self, index: QModelIndex) -> None:
        """Request a scan that the user moved to, unless it is not selected any more."""
        if self.selectionModel().isSelected(index):
            self._ask(index)

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.scan_requested.emit(index.data(PATH_ROLE))

"""The list of scans: whoever goes through it by keys sees each scan."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView


class ScanList(QListView):
    """A list whose marked scan is the one that is looked at.

    Signals
    -------
    reached(QModelIndex)
        A key went to this scan, and it alone is chosen: no choice of several was made wider.
    """

    reached = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Tell where a key went to."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        now = self.currentIndex()
        if now != before and self.selectionModel().selectedIndexes() == [now]:
            self.reached.emit(now)

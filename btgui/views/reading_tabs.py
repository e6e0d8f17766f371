"""The middle of the window: the scan, how it was preprocessed, and the folder's table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from btgui.views.reading_page import ReadingPage


class ReadingTabs(QTabWidget):
    """Three pages, of which the reader chooses one; a scan that is asked for is never hidden.

    Signals
    -------
    scan_left()
        Another page than the scan's was turned to.
    """

    scan_left = Signal()

    def __init__(
        self,
        page: ReadingPage,
        preprocessing: QWidget,
        table: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._table = page, table
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.addTab(page, "Scan")
        self.addTab(preprocessing, "Preprocessing")
        self.addTab(table, "Folder")
        self.currentChanged.connect(self._tell)

    def shows_table(self) -> bool:
        """Whether the folder's table is looked at."""
        return self.currentWidget() is self._table

    def show_table(self) -> None:
        """Turn to the folder's table."""
        self.setCurrentWidget(self._table)

    def leave_table(self) -> None:
        """Turn from the folder's table to the scan; who looks at its preprocessing stays there."""
        if self.currentWidget() is not self._table:
            return
        had_keys = self._table.isAncestorOf(QApplication.focusWidget())
        self.setCurrentWidget(self._page)
        if had_keys:  # else the next tool in the row would get them
            self._page.scan_view.setFocus()

    def _tell(self) -> None:
        if self.shows_table() and self._table.isAncestorOf(QApplication.focusWidget()):
            self._table.setFocus()  # else a line to type in would get the keys that act
        if self.currentWidget() is not self._page:
            self.scan_left.emit()

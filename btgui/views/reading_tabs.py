"""The tabs in the middle of the window: the scan, its preprocessing, and the folder's table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from btgui.views.folder.results import FolderResults
from btgui.views.reading_page import ReadingPage


class ReadingTabs(QTabWidget):
    """Three pages to choose from; a scan that is requested is brought into view.

    Signals
    -------
    scan_left()
        A page other than the scan's was opened.
    """

    scan_left = Signal()

    def __init__(
        self,
        page: ReadingPage,
        preprocessing: QWidget,
        table: FolderResults,
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
        """Whether the folder's table is the current page."""
        return self.currentWidget() is self._table

    def show_table(self) -> None:
        """Make the folder's table the current page."""
        self.setCurrentWidget(self._table)

    def leave_table(self) -> None:
        """Switch from the folder's table to the scan; the preprocessing page stays current."""
        if self.currentWidget() is not self._table:
            return
        had_keys = self._table.isAncestorOf(QApplication.focusWidget())
        self.setCurrentWidget(self._page)
        if had_keys:  # else the next button of the toolbar would get the focus
            self._page.scan_view.setFocus()

    def _tell(self) -> None:
        if self.shows_table() and self._table.isAncestorOf(QApplication.focusWidget()):
            # Else the search field would swallow the shortcuts' keys.
            self._table.table.setFocus()
        if self.currentWidget() is not self._page:
            self.scan_left.emit()

"""The tree of this computer's folders, from which the user chooses one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QElapsedTimer, QModelIndex, QStandardPaths, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFileSystemModel, QTreeView, QWidget


class FolderTree(QTreeView):
    """A folder tree that scrolls to a requested folder, and then stays where the user leaves it.

    Signals
    -------
    folder_chosen(Path)
        The user wants to see what is in this folder.
    """

    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folders = QFileSystemModel(self)
        self.folders.setFilter(QDir.Filter.Dirs | QDir.Filter.NoDotAndDotDot)
        self._follows = False  # keeps the folder in view while the tree fills
        self._awaited: set[str] = set()  # to be listed before the folder's position is final
        self._chosen = ""
        self._since_chosen = QElapsedTimer()
        self.setModel(self.folders)
        self.folders.setRootPath("")
        for column in range(1, self.folders.columnCount()):
            self.hideColumn(column)
        self.setHeaderHidden(True)
        self.setAccessibleName("Folders")
        self.setToolTip("Choose a folder to list its scans.")
        home = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
        self.go_to(Path(home))
        # The tree fills in the background: folders above and beside the current one arrive later,
        # and are sorted later still.
        self.folders.directoryLoaded.connect(self._listed)
        self.folders.layoutChanged.connect(self._ordered)
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self._leave_to_user())
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def go_to(self, folder: Path) -> None:
        """Make a folder current, expand it and scroll to it."""
        index = self.folders.index(str(folder))
        self.setCurrentIndex(index)
        self.expand(index)
        self._awaited.clear()
        above = index
        while above.isValid():
            self._awaited.add(self.folders.filePath(above))
            above = above.parent()
        self._follows = True
        self._keep_in_view()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """Stop following the requested folder: the user is at work in the tree."""
        self._leave_to_user()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Stop following the requested folder: the user is at work in the tree."""
        self._leave_to_user()
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Keep the current folder in view, if it was, when the tree becomes lower."""
        seen = self._is_seen(event.oldSize().height())
        super().resizeEvent(event)
        if seen and not self._is_seen(self.viewport().height()):
            self.scrollTo(self.currentIndex())

    def _leave_to_user(self) -> None:
        self._follows = False

    def _listed(self, folder: str) -> None:
        self._awaited.discard(folder)
        self._keep_in_view()

    def _ordered(self) -> None:
        self._keep_in_view()
        if not self._awaited:
            self._follows = False

    def _keep_in_view(self) -> None:
        """Scroll to the folder if the filling tree moved it out of view, unless the user acted."""
        if self._follows and not self._is_seen(self.viewport().height()):
            self.scrollTo(self.currentIndex(), QTreeView.ScrollHint.PositionAtCenter)

    def _is_seen(self, height: int) -> bool:
        """Whether the current folder's row is completely within a viewport of this height."""
        place = self.visualRect(self.currentIndex())
        return not place.isEmpty() and place.top() >= 0 and place.bottom() < height

    def _choose(self, index: QModelIndex) -> None:
        """Report a chosen folder once: a double click calls this three times."""
        path = self.folders.filePath(index)
        again = path == self._chosen and not self._since_chosen.hasExpired(
            QApplication.doubleClickInterval()
        )
        self._chosen = path
        self._since_chosen.start()
        if not again:
            self.folder_chosen.emit(Path(path))

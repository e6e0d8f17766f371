"""The menu of folders that were opened before, and whether any are remembered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from btgui.views.text import plain_tip


class RecentFolders(QToolButton):
    """Offers the folders, newest first; below them, to remember folders or not.

    Signals
    -------
    folder_chosen(str)
        The user wants this folder opened.
    remembering_requested(bool)
        The user wants folders remembered, or no more.
    forgetting_requested()
        The user wants the list emptied.
    """

    folder_chosen = Signal(str)
    remembering_requested = Signal(bool)
    forgetting_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Recent")
        self.setToolTip("Folders that were opened before, and whether they are remembered.")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.menu().setToolTipsVisible(True)
        self.remember = QAction("Remember folders", self)
        self.remember.setCheckable(True)
        self.remember.setToolTip("Switched off, the list is emptied and stays empty.")
        self.remember.triggered.connect(self.remembering_requested)
        self.forget = QAction("Forget these", self)
        self.forget.setToolTip("Empty the list; folders that are opened later are remembered.")
        self.forget.triggered.connect(self.forgetting_requested)
        self.set_folders((), remembered=True)

    def set_folders(self, folders: tuple[str, ...], *, remembered: bool) -> None:
        """Offer these folders, and show whether any are remembered."""
        menu = self.menu()
        menu.clear()
        for folder in folders:
            # An ampersand would underline the letter behind it.
            entry = menu.addAction(folder.replace("&", "&&"))
            entry.setToolTip(plain_tip(folder))
            entry.triggered.connect(
                lambda _checked=False, folder=folder: self.folder_chosen.emit(folder)
            )
        menu.addSeparator()
        menu.addActions([self.remember, self.forget])
        self.remember.setChecked(remembered)
        self.forget.setEnabled(bool(folders))

"""The menu of recently opened folders, and whether they are remembered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from btgui.views.text import plain_tip


class RecentFolders(QToolButton):
    """A button with a menu of recent folders, newest first, and the choice to remember them.

    Signals
    -------
    folder_chosen(str)
        The user wants this folder opened.
    remembering_requested(bool)
        The user wants folders to be remembered, or not.
    forgetting_requested()
        The user wants the list to be cleared.
    """

    folder_chosen = Signal(str)
    remembering_requested = Signal(bool)
    forgetting_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Recent")
        self.setToolTip("Recently opened folders, and whether they are remembered.")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.menu().setToolTipsVisible(True)
        self.remember = QAction("Remember folders", self)
        self.remember.setCheckable(True)
        self.remember.setToolTip("When switched off, the list is cleared and stays empty.")
        self.remember.triggered.connect(self.remembering_requested)
        self.forget = QAction("Clear list", self)
        self.forget.setToolTip("Clear the list; folders opened later are remembered again.")
        self.forget.triggered.connect(self.forgetting_requested)
        self.set_folders((), remembered=True)

    def set_folders(self, folders: tuple[str, ...], *, remembered: bool) -> None:
        """Offer these folders, and show whether folders are remembered."""
        menu = self.menu()
        menu.clear()
        for folder in folders:
            # A single ampersand would make the next letter a mnemonic.
            entry = menu.addAction(folder.replace("&", "&&"))
            entry.setToolTip(plain_tip(folder))
            entry.triggered.connect(
                lambda _checked=False, folder=folder: self.folder_chosen.emit(folder)
            )
        menu.addSeparator()
        menu.addActions([self.remember, self.forget])
        self.remember.setChecked(remembered)
        self.forget.setEnabled(bool(folders))

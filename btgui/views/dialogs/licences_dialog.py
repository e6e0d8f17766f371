"""The version of the application, its licence and those of its parts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from btgui import __version__
from btgui.engine.licences import application_parts
from btgui.views.widgets.labels import paragraph
from btgui.views.window_state import open_at

_SIZE = (920, 620)
_LIST_WIDTH = 240
_ABOUT = (
    f"btgui {__version__} is licensed under the Apache License 2.0. Its interface uses Qt, licensed under "
    "the GNU Lesser General Public License 3 (see PySide6_Essentials). Each part below has its own licence."
)


class LicencesDialog(QDialog):
    """A list of the application's parts, and the licence of the selected part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Version and licences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parts = application_parts()
        about = paragraph(_ABOUT)
        self.list = QListWidget()
        self.list.addItems([part.name for part in self._parts])
        self.list.setAccessibleName("Parts of the application")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("Licence")
        self.list.currentRowChanged.connect(
            lambda row: self.text.setPlainText(self._parts[row].text())
        )
        columns = QSplitter()
        columns.addWidget(self.list)
        columns.addWidget(self.text)
        columns.setSizes([_LIST_WIDTH, _SIZE[0] - _LIST_WIDTH])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(about)
        layout.addWidget(columns, 1)
        layout.addWidget(buttons)
        self.list.setCurrentRow(0)
        open_at(self, *_SIZE)

"""How many files were passed over, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.notifications import Notification, notify
from btgui.views.text import counted, one_or

if TYPE_CHECKING:
    from btgui.engine.studies.series import PassedOver

_SIZE = (640, 420)


class PassedOverLine(QPushButton):
    """One quiet line that opens the list of reasons; hidden where nothing was passed over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("line", True)
        self.setToolTip("Show which files were passed over, and why.")
        self.clicked.connect(self._show_reasons)
        self.files: tuple[PassedOver, ...] = ()
        self.hide()

    def show_files(self, files: Sequence[PassedOver]) -> None:
        """Tell of these files, and aloud of folders: scans may be missing from what is listed."""
        self.files = tuple(files)
        if folders := [one for one in files if one.is_folder]:
            more = f" Nor can {len(folders) - 1:,} more." if folders[1:] else ""
            text = f"{folders[0].reason}{more} Scans in there are missing from the list."
            notify(Notification("warning", text))
        self.setText(
            f"{counted(len(files), 'file')} {one_or(len(files), 'was', 'were')} passed over"
        )
        self.setVisible(bool(files))

    def _show_reasons(self) -> None:
        PassedOverDialog(self.files, self.window()).open()


class PassedOverDialog(QDialog):
    """The reason for each file that is not listed."""

    def __init__(self, files: Sequence[PassedOver], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Passed over")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.reasons = QPlainTextEdit("\n".join(file.reason for file in files))
        self.reasons.setReadOnly(True)
        self.reasons.setAccessibleName("Files that were passed over")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.reasons, 1)
        layout.addWidget(buttons)

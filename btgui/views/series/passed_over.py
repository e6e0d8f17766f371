"""The number of skipped files, and the reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
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
    """One quiet line that opens the list of reasons; hidden where no file was skipped.

    Signals
    -------
    problem_over(str)
        The problem reported with this message concerns folders that are not listed any more.
    """

    problem_over = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("line", True)
        self.setToolTip("Show which files were skipped, and why.")
        self.clicked.connect(self._show_reasons)
        self.files: tuple[PassedOver, ...] = ()
        self._problem = ""  # the one reported last, while it holds
        self.hide()

    def show_files(self, files: Sequence[PassedOver]) -> None:
        """Show the number of files; notify the user of folders, whose scans may be missing."""
        self.files = tuple(files)
        before, self._problem = self._problem, _about_folders(files)
        if before not in ("", self._problem):
            self.problem_over.emit(before)
        if self._problem:
            notify(Notification("warning", self._problem))
        self.setText(f"{counted(len(files), 'file')} {one_or(len(files), 'was', 'were')} skipped")
        self.setVisible(bool(files))

    def _show_reasons(self) -> None:
        PassedOverDialog(self.files, self.window()).open()


def _about_folders(files: Sequence[PassedOver]) -> str:
    """Return a warning about the folders among the files, "" where there are none."""
    folders = [one for one in files if one.is_folder]
    if not folders:
        return ""
    more = f" Nor can {len(folders) - 1:,} more." if folders[1:] else ""
    return f"{folders[0].reason}{more} Scans in there are missing from the list."


class PassedOverDialog(QDialog):
    """The reason for each file that is not listed."""

    def __init__(self, files: Sequence[PassedOver], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Skipped files")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.reasons = QPlainTextEdit("\n".join(file.reason for file in files))
        self.reasons.setReadOnly(True)
        self.reasons.setAccessibleName("Files that were skipped")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.reasons, 1)
        layout.addWidget(buttons)

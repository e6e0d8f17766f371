"""Saves the web page of a report that a command wrote where the user wants it."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from btgui.engine.disk.files import replacing
from btgui.engine.errors import ExportError
from btgui.views.dialogs.file_dialogs import ask_where_to_save_page
from btgui.views.saving import Saving


class WebPageSaver(QWidget):
    """A button, and beside it what came of it: the main window's messages may be out of view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: Path | None = None
        self._title = ""
        self.save = QPushButton("&Save report …")
        self.save.setAutoDefault(False)
        self.save.setToolTip("Save all of it as one web page, with pictures of scans.")
        self.saved = QLabel()
        self.saved.setProperty("role", "quiet")
        self.saved.setTextFormat(Qt.TextFormat.PlainText)
        self.saved.setWordWrap(True)  # a long name must not widen the window
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.saved, 1)
        layout.addWidget(self.save)
        self.save.clicked.connect(self._ask_and_save)

    def offer(self, made: Path, title: str) -> None:
        """Offer this page, in place of one before; its title becomes the name that is proposed."""
        self._made, self._title = made, title
        self.saved.clear()

    def _ask_and_save(self) -> None:
        file, made = ask_where_to_save_page(self, self._title), self._made
        if file is None or made is None:
            return
        self.saved.setText("Saving …")
        saving = Saving(self, lambda: _copy(made, file))
        for ended in (saving.succeeded, saving.failed):
            ended.connect(self.saved.setText)


def _copy(made: Path, file: Path) -> str:
    try:
        with replacing(file) as temporary:
            shutil.copyfile(made, temporary)
    except OSError as error:
        raise ExportError(
            f"The report cannot be saved ({error.strerror}). Choose another place."
        ) from error
    return f"Saved {file.name}."

"""Saves what a command wrote where the user wants it: a web page, and the list of its scans."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from btgui.engine.disk.files import file_name_of, not_written, replacing
from btgui.views.dialogs.file_dialogs import ask_where_to_save
from btgui.views.saving import CSV_TABLE, Saving
from btgui.views.widgets.labels import paragraph

_WEB_PAGE = ("Web pages", ".html")


class WebPageSaver(QWidget):
    """Buttons, and beside them what came of it: the main window's messages may be out of view.

    The list is saved apart from the page, which may be passed on: it names folders and files.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: Path | None = None
        self._scan_list: Path | None = None
        self._title = ""
        self.save = QPushButton("&Save report …")
        self.save.setAutoDefault(False)
        self.save.setToolTip("Save all of it as one web page, with pictures of scans.")
        self.save_list = QPushButton("Save &list of scans …")
        self.save_list.setAutoDefault(False)
        self.save_list.setToolTip(
            "Save a table of which file each scan number of the report stands for: it names folders "
            "and files."
        )
        self.save_list.hide()
        self.saved = paragraph(role="quiet")
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.saved, 1)
        layout.addWidget(self.save_list)
        layout.addWidget(self.save)
        self.save.clicked.connect(lambda: self._ask_and_save("report", self._made, _WEB_PAGE))
        self.save_list.clicked.connect(
            lambda: self._ask_and_save("list of scans", self._scan_list, CSV_TABLE)
        )

    def offer(self, made: Path, title: str, scan_list: Path | None = None) -> None:
        """Offer this page, in place of one before; its title becomes the name that is proposed."""
        self._made, self._title, self._scan_list = made, title, scan_list
        self.save_list.setVisible(scan_list is not None)
        self.saved.clear()

    def _ask_and_save(self, what: str, made: Path | None, kind: tuple[str, str]) -> None:
        name = f"{file_name_of(self._title)}{kind[1]}"
        file = ask_where_to_save(self, f"Save {what}", name, *kind)
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
        raise not_written(file, error) from error
    return f"Saved {file.name}."

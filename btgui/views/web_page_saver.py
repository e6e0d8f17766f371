"""Saves the report that a command wrote, a web page, and the list of its scans."""

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
    """Buttons to save the report and its list of scans, with the outcome shown beside them.

    The list is separate from the report, which may be passed on, because it names folders and
    files.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Path | None = None
        self._scan_list: Path | None = None
        self._title = ""
        self.save = QPushButton("&Save report …")
        self.save.setAutoDefault(False)
        self.save.setToolTip("Save the whole report as one web page, with pictures of scans.")
        self.save_list = QPushButton("Save &list of scans …")
        self.save_list.setAutoDefault(False)
        self.save_list.setToolTip(
            "Save a table that gives the file behind each scan number in the report. It names "
            "folders and files."
        )
        self.save_list.hide()
        self.saved = paragraph(role="quiet")
        self.saved.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.saved, 1)
        layout.addWidget(self.save_list)
        layout.addWidget(self.save)
        self.save.clicked.connect(lambda: self._ask_and_save("report", self._report, _WEB_PAGE))
        self.save_list.clicked.connect(
            lambda: self._ask_and_save("list of scans", self._scan_list, CSV_TABLE)
        )

    def offer(self, report: Path, title: str, scan_list: Path | None = None) -> None:
        """Offer this page in place of an earlier one; its title becomes the proposed file name."""
        self._report, self._title, self._scan_list = report, title, scan_list
        self.save_list.setVisible(scan_list is not None)
        self.saved.clear()

    def _ask_and_save(self, what: str, source: Path | None, kind: tuple[str, str]) -> None:
        name = f"{file_name_of(self._title)}{kind[1]}"
        file = ask_where_to_save(self, f"Save {what}", name, *kind)
        if file is None or source is None:
            return
        self.saved.setText("Saving …")
        saving = Saving(self, lambda: _copy(source, file))
        for ended in (saving.succeeded, saving.failed):
            ended.connect(self.saved.setText)


def _copy(source: Path, file: Path) -> str:
    try:
        with replacing(file) as temporary:
            shutil.copyfile(source, temporary)
    except OSError as error:
        raise not_written(file, error) from error
    return f"Saved {file.name}."

"""Reading a folder: results fill the table and mark the scans in the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.exports.folder_table import ResultRow
from btgui.engine.models.card import ModelCard
from btgui.engine.notifications import mention
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.folder.results import FolderResults
from btgui.views.text import counted
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.outcomes import FolderReading


class FolderDesk(QObject):
    """Passes the readings of a folder from the service to the table and the list.

    Signals
    -------
    started()
        A reading has begun, and its table may be shown.
    """

    started = Signal()

    def __init__(self, service: AnalysisService, browser: FileBrowser, parent: QWidget) -> None:
        super().__init__(parent)
        self._browser = browser
        self._card: ModelCard | None = None
        self._service = service
        self._reader = ""  # the name of the model whose results the table lists
        self._number = 0  # of the latest request
        self._superseded = False  # whether another model was chosen during the reading
        self._is_loading = False
        self._later: list[Path] = []  # scans to read once the model is ready
        self.paths: tuple[Path, ...] = ()  # scans being read for the latest request
        self.results = FolderResults()
        self.results.stop.clicked.connect(self.stop)
        browser.folder_reading_requested.connect(self._read)
        service.folder_started.connect(self._start)
        service.folder_results.connect(self._take)
        service.folder_progress.connect(self.results.set_progress)
        service.folder_finished.connect(self._finish)

    def await_model(self) -> None:
        """Note that another model is being loaded, which ends the current reading."""
        self._superseded = self._superseded or self.results.running()
        self._is_loading = True

    def set_model(self, card: ModelCard) -> None:
        """Read with this model from now on, beginning with what was requested meanwhile."""
        self._card, self._is_loading = card, False
        if paths := self._later:
            self._later = []
            self._read(paths)

    def set_no_model(self, _reason: str) -> None:
        """Drop waiting requests: there is no model to read with."""
        self._is_loading, self._later = False, []

    def stop(self) -> None:
        """Stop reading, and drop requests that wait for the model."""
        self._later = []
        self._service.cancel_folder()

    def places_in_use(self) -> set[Path]:
        """Return the folders of the scans that are being read or listed in the table."""
        listed = (row.path for row in self.results.model.rows())
        return {path.parent for path in (*self.paths, *listed)}

    def _read(self, paths: list[Path]) -> None:
        self.paths = tuple(paths)
        if self._is_loading:
            self._later = paths
            mention(f"{counted(len(paths), 'scan')} will be read as soon as the model is ready.")
            return
        self._service.read_folder(paths)
        self._number = self._service.newest_folder

    def _start(self, total: int) -> None:
        if self._card is not None:
            self._superseded = False
            self._reader = self._card.name
            self.results.start(total, self._card.classes, self._card.display_names)
            self.started.emit()

    def _take(self, results: list[tuple[ResultRow, int]]) -> None:
        rows = [self._as_listed(row) for row, _ in results]
        self.results.add_rows(rows)
        for row, (_, class_index) in zip(rows, results, strict=True):
            if class_index >= 0 and self._card is not None:
                name = self._card.display_names[class_index]
                self._browser.list.scans.set_verdict(row.path, name, class_index, row.remark)

    def _as_listed(self, row: ResultRow) -> ResultRow:
        """Return a row with its source, and with the remarks that the open scan would show."""
        if row.verdict and self._card is not None:
            doubts = self._browser.unfamiliar(row.path, self._card)
            row = replace(row, remark=f"{row.remark} {doubts}".strip())
        return replace(row, source=self._browser.indexing.source_of(row.path))

    def _finish(self, reading: FolderReading) -> None:
        if reading.number == self._number:  # not an earlier reading that ends late
            self.paths = ()
        if not self.results.running():
            mention(reading.problem)
            return
        failed = f", {reading.failed} could not be read" if reading.failed else ""
        by = f" by {self._reader}" if self._reader else ""
        read = f"{counted(reading.read, 'scan')} read{by}{failed}."
        if reading.stopped and self._superseded:
            self.results.finish(f"Stopped by the change of model: {read} Read them again.")
        else:
            self.results.finish(f"{'Stopped' if reading.stopped else 'Done'}: {read}")

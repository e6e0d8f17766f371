"""What the model said about the listed scans before, from the records."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from btgui.engine.errors import BtguiError
from btgui.engine.models.card import ModelCard
from btgui.engine.notifications import Notification, notify
from btgui.engine.record_store import RecordStore
from btgui.views.browser.file_browser import FileBrowser


class EarlierVerdicts(QObject):
    """Marks scans in the list by their content, with the verdict of the model that reads."""

    def __init__(self, browser: FileBrowser, records: RecordStore | None) -> None:
        super().__init__(browser)
        self._browser, self._records = browser, records
        self._model_id = ""
        self._digests: dict[Path, str] = {}
        browser.content_known.connect(self._content_known)
        # What lies under the same names in the next list may be other pictures.
        browser.files_listed.connect(lambda _files: self._digests.clear())

    def set_model(self, card: ModelCard) -> None:
        """Show this model's verdicts in place of another's."""
        self._model_id = card.id
        self._browser.clear_verdicts()
        for path, digest in self._digests.items():
            self._mark(path, digest)

    def _content_known(self, path: Path, digest: str) -> None:
        self._digests[path] = digest
        self._mark(path, digest)

    def _mark(self, path: Path, digest: str) -> None:
        if self._records is None or not self._model_id or not digest:
            return
        try:
            verdict = self._records.verdict_for(digest, self._model_id)
        except BtguiError as error:
            self._records = None
            notify(Notification("warning", str(error)))
            return
        if verdict is None:
            self._browser.remove_verdict(path)
        else:
            self._browser.set_verdict(path, verdict.verdict, verdict.class_index)

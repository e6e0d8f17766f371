"""The model's earlier verdicts on the listed scans, from the records."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from btgui.engine.models.card import ModelCard
from btgui.engine.notifications import Notification, notify
from btgui.engine.record_store import RecordedVerdict, RecordStore
from btgui.views.browser.file_browser import FileBrowser
from btgui.workers.background import Background


class EarlierVerdicts(QObject):
    """Marks listed scans with the current model's earlier verdict on the same content.

    Verdicts are looked up on a thread, because another window may be writing to the records.
    """

    def __init__(self, browser: FileBrowser, records: RecordStore | None) -> None:
        super().__init__(browser)
        self._browser, self._scans, self._records = browser, browser.list.scans, records
        self._card: ModelCard | None = None
        self._digests: dict[Path, str] = {}
        self._unasked: dict[Path, str] = {}  # those still to be looked up
        self._looking = Background(self)
        self._looking.succeeded.connect(self._mark)
        self._looking.failed.connect(self._give_up)
        browser.content_known.connect(self._content_known)
        browser.files_listed.connect(self._begin_list)

    def set_model(self, card: ModelCard) -> None:
        """Show this model's verdicts in place of those of another model."""
        self._card = card
        self._scans.clear_verdicts()
        self._looking.cancel()
        self._unasked = dict(self._digests)
        self._look_up()

    def close(self) -> None:
        """Stop looking up verdicts, without waiting for another window to release the records."""
        self._looking.close(0)

    def _begin_list(self) -> None:
        """Forget the previous list: there may be other pictures under the same names now."""
        self._looking.cancel()
        self._digests.clear()
        self._unasked.clear()

    def _content_known(self, path: Path, digest: str) -> None:
        if not digest:
            return
        if self._digests.get(path, digest) != digest:
            self._scans.remove_verdict(path)  # it was on other content
        self._digests[path] = self._unasked[path] = digest
        self._look_up()

    def _look_up(self) -> None:
        records, card = self._records, self._card
        if records is None or card is None or not self._unasked or self._looking.is_busy():
            return
        asked, self._unasked = self._unasked, {}
        measured = card.novelty_limit is not None
        self._looking.start(
            lambda _stopped: {
                path: verdict
                for path, digest in asked.items()
                if (verdict := records.verdict_for(digest, card.id, with_novelty=measured))
                is not None
            }
        )

    def _mark(self, found: dict[Path, RecordedVerdict]) -> None:
        for path in found.keys() - self._unasked.keys():  # unasked paths have new content
            verdict = found[path]
            doubts = f"{verdict.doubt} {self._browser.unfamiliar(path, self._card)}".strip()
            self._scans.set_verdict(path, verdict.verdict, verdict.class_index, doubts)
        self._look_up()

    def _give_up(self, problem: str) -> None:
        self._records = None
        notify(Notification("warning", problem))

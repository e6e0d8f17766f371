"""The summary of the training that is about to start, worked out in the background."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QWidget

from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.run_summary import run_summary
from btgui.workers.background import Background

_WORKING = "Working out how the scans will be divided …"


class SummaryLabel(QLabel):
    """Shows a draft's summary, or a problem in its place.

    The summary is worked out on a thread: dividing thousands of scans takes a while.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self._first = ""
        self._background = Background(self)
        self._background.succeeded.connect(self._show)
        self._background.failed.connect(self._show)

    def show_draft(self, draft: Draft, first: str = "") -> None:
        """Show the summary of a draft as it is now, below the sentence ``first`` if there is one."""
        self._first = first
        self._show(_WORKING)
        asked = replace(draft, left_out=set(draft.left_out))
        self._background.start(lambda _stopped: run_summary(asked))

    def show_problem(self, html: str) -> None:
        """Show why the training does not start, in place of a summary."""
        self._background.cancel()
        self._first = ""
        self._show(html)

    def close_down(self) -> None:
        """End the thread."""
        self._background.close()

    def _show(self, html: str) -> None:
        self.setText("<br><br>".join(filter(None, (self._first, html))))

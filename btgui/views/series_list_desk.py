"""The list of series: reading all of them on request, each with its verdict below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.exports.series_list import SeriesRow, write_series_list
from btgui.engine.models.card import ModelCard
from btgui.engine.notifications import mention
from btgui.engine.studies.words import (
    numbered,
    verdict_warnings,
    verdict_word,
)
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.saving import CSV_TABLE, ask_and_save
from btgui.views.series.change_watch import ChangeWatch
from btgui.workers.series_reading import SeriesOutcome, SeriesReading

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_CHANGED = "Files changed"


class SeriesListDesk(QObject):
    """Shows the verdicts on series, including the open one, in the list.

    Signals
    -------
    changed()
        The set of listed series that have been read is different now.
    """

    changed = Signal()

    def __init__(self, reading: SeriesReading, browser: FileBrowser, parent: QWidget) -> None:
        super().__init__(parent)
        self._reading, self._browser, self._parent = reading, browser, parent
        self._card: ModelCard | None = None
        self._outcomes: dict[
            Series, SeriesOutcome
        ] = {}  # of listed series that were read completely
        self._watch = ChangeWatch(self._outcomes.keys, self)
        self._watch.changed.connect(reading.forget)
        browser.series_reading_requested.connect(reading.read_list)
        browser.files_listed.connect(self._begin_list)
        browser.series_progress.stop.clicked.connect(reading.stop_list)
        reading.finished.connect(self._mark)
        reading.forgotten.connect(self._take_back)
        reading.list_progressed.connect(browser.series_progress.show_progress)
        reading.list_ended.connect(self._end)

    def set_model(self, card: ModelCard) -> None:
        """Show the verdicts of this model from now on."""
        self._card = card
        self._outcomes.clear()
        self._browser.series.clear_verdicts()
        for series in filter(self._reading.is_forgotten, self._browser.found_series()):
            self._browser.series.set_verdict(series, _CHANGED)
        self.changed.emit()

    def has_verdicts(self) -> bool:
        """Whether any listed series has been read."""
        return bool(self._outcomes)

    def save(self) -> None:
        """Ask for a file and save the results of every listed series that has been read."""
        if self._card is None or not self._outcomes:
            return
        found = self._browser.found_series()
        rows = tuple(
            SeriesRow(*numbers, series, known.readings, known.verdict)
            for series, numbers in zip(found, numbered(found), strict=True)
            if (known := self._outcomes.get(series))
        )
        snapshot = rows, self._card
        ask_and_save(
            self._parent, "Save list of series", "list.csv", CSV_TABLE, write_series_list, *snapshot
        )

    def stop_reading(self) -> None:
        """Stop reading the listed series."""
        self._reading.stop_list()

    def close(self) -> None:
        """Stop watching the files for changes."""
        self._watch.close()

    def _begin_list(self) -> None:
        """Show known verdicts in a new list, and stop reading the previous list."""
        self._reading.stop_list()
        self._outcomes.clear()
        found = self._browser.found_series()
        self._reading.take_anew(found)
        for series in found:
            if known := self._reading.known(series):
                self._mark(series, known)
        self.changed.emit()

    def _mark(self, series: Series, outcome: SeriesOutcome) -> None:
        if outcome.problem:
            mention(outcome.problem)
        if outcome.is_whole and self._card is not None and series in self._browser.found_series():
            self._outcomes[series] = outcome
            word = verdict_word(outcome.verdict, self._card)
            doubts = verdict_warnings(series, self._card, outcome.verdict)
            self._browser.series.set_verdict(series, word, doubts)
            self.changed.emit()

    def _take_back(self, series: Series) -> None:
        """Replace the verdict on a series by a note that its files have changed."""
        self._outcomes.pop(series, None)
        self._browser.series.set_verdict(series, _CHANGED)
        self.changed.emit()

    def _end(self, done: int, total: int) -> None:
        self._browser.series_progress.hide()
        of_all = f" of {total:,}" if done < total else ""
        mention(f"{done:,}{of_all} series read.")
        self._watch.look()

"""Reading whole series, one at a time: the open series first, then those of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from btgui.engine.models.card import ModelCard
from btgui.engine.series_analysis import verdict_on
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.workers.analysis_worker import AnalysisService

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_REMEMBERED = 200  # series whose readings are kept


@dataclass(frozen=True)
class SeriesOutcome:
    """The outcome of reading a series.

    Attributes
    ----------
    readings
        The readings of its slices, in order.
    is_whole
        Whether every slice was processed; there is no verdict on a part of a series.
    verdict
        The verdict on the series, or None.
    problem
        Why nothing could be read, and what to do; "" otherwise.
    read_at
        When the last slice was read, in UTC.
    """

    readings: tuple[SliceReading, ...]
    is_whole: bool
    verdict: SeriesVerdict | None = None
    problem: str = ""
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


class SeriesReading(QObject):
    """Reads series in the background, and keeps the outcomes of those that were read whole.

    Signals
    -------
    progressed(Series, tuple)
        The readings of this series' slices so far.
    finished(Series, SeriesOutcome)
        The reading of this series has ended.
    forgotten(Series)
        The outcome of this series was discarded, because its files changed.
    list_progressed(int, int)
        Number of series of the list that are done, and in total.
    list_ended(int, int)
        Number of series that were read, and in total; fewer than the total if the user or the
        loading of another model stopped the list.
    """

    progressed = Signal(object, tuple)
    finished = Signal(object, object)
    forgotten = Signal(object)
    list_progressed = Signal(int, int)
    list_ended = Signal(int, int)

    def __init__(self, service: AnalysisService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._model: ModelCard | None = None
        self._opened: Series | None = None  # read before the list
        self._listed: list[Series] = []  # still to be read
        self._done = self._total = 0  # of the list; 0 of 0 if no list is being read
        self._current: Series | None = None
        self._readings: list[SliceReading] = []
        self._kept: dict[Series, SeriesOutcome] = {}  # by the current model, the latest last
        self._changed: set[Series] = set()  # series whose files changed since they were listed
        self._waits = False  # whether it waits for a model that is being loaded
        service.slices_read.connect(self._add_readings)
        service.series_finished.connect(self._finish)

    def set_model(self, card: ModelCard) -> None:
        """Set the model, which is ready, and begin to read."""
        self._model, self._waits = card, False
        self._next()

    def await_model(self) -> None:
        """Discard all outcomes, as another model is being loaded; a list requested now waits for it."""
        self._waits, self._opened = True, None
        self._kept.clear()
        self._end_list()
        self._cancel()

    def set_no_model(self, _reason: str) -> None:
        """Stop waiting, as there is no model."""
        self._waits = False
        self._end_list()

    def known(self, series: Series) -> SeriesOutcome | None:
        """Return the outcome of a series if all of its slices were read without failure, else None."""
        return self._kept.get(series)

    def is_forgotten(self, series: Series) -> bool:
        """Whether the outcome of a series was discarded because its files changed."""
        return series in self._changed

    def read(self, series: Series) -> None:
        """Read this series now; a series of the list that is being read has to wait."""
        self._opened = series
        if self._current != series:
            self._begin(series)
        elif self._readings:
            self.progressed.emit(series, tuple(self._readings))

    def drop(self) -> None:
        """Drop the request for a series; it is still read if it is in the list."""
        opened, self._opened = self._opened, None
        if opened is not None and self._current == opened and opened not in self._listed:
            self._cancel()
            self._next()

    def stop(self) -> None:
        """Stop reading the requested series, even if it is in the list."""
        if self._opened in self._listed:
            self._listed.remove(self._opened)
        self.drop()
        self._report_list()

    def forget(self, series: Series) -> None:
        """Discard the outcome of a series and stop reading it, because its files changed."""
        if series in self._changed:
            return
        self._changed.add(series)
        self._kept.pop(series, None)
        if series in self._listed:
            self._listed.remove(series)
        if self._opened == series:
            self._opened = None
        if self._current == series:
            self._cancel()
            self._next()
        self._report_list()
        self.forgotten.emit(series)

    def take_anew(self, found: Sequence[Series]) -> None:
        """Allow these series to be read again, because their files have just been indexed."""
        self._changed.difference_update(found)

    def read_list(self, found: Sequence[Series]) -> None:
        """Read these series one after the other, except those read whole and those forgotten."""
        known = self._kept.keys() | self._changed
        self._listed = [series for series in found if series not in known]
        self._total = len(found)
        self._done = sum(series in self._kept for series in found)
        self._report_list()
        if self._current is None:
            self._next()

    def stop_list(self) -> None:
        """Stop reading the list; a series requested on its own is still read."""
        self._end_list()
        if self._current is not None and self._current != self._opened:
            self._cancel()

    def _begin(self, series: Series) -> None:
        self._current, self._readings = series, []
        self._service.read_series([one.address for one in series.slices])

    def _next(self) -> None:
        if self._waits:
            return
        if self._opened is not None:
            self._begin(self._opened)
        elif self._listed:
            self._begin(self._listed[0])

    def _cancel(self) -> None:
        self._current, self._readings = None, []
        self._service.cancel_series()

    def _report_list(self) -> None:
        if not self._total:
            return
        self.list_progressed.emit(self._done, self._total)
        if not self._listed:
            self._end_list()

    def _end_list(self) -> None:
        done, total = self._done, self._total
        self._listed, self._done, self._total = [], 0, 0
        if total:
            self.list_ended.emit(done, total)

    def _add_readings(self, number: int, readings: list[SliceReading]) -> None:
        # Readings may arrive late: after the reading was stopped, or from the previous series.
        if self._current is not None and number == self._service.newest_series:
            self._readings.extend(readings)
            self.progressed.emit(self._current, tuple(self._readings))

    def _finish(self, number: int, problem: str) -> None:
        series = self._current
        if series is None or number != self._service.newest_series:
            return
        outcome = self._outcome(series, problem)
        self._current = None
        if self._opened == series:
            self._opened = None
        if outcome.is_whole and all(one.probabilities for one in outcome.readings):
            self._kept[series] = outcome
            if len(self._kept) > _REMEMBERED:
                del self._kept[next(iter(self._kept))]
        self.finished.emit(series, outcome)
        if not outcome.is_whole:
            self._end_list()  # no other series could be read either
        elif series in self._listed:
            self._listed.remove(series)
            self._done += 1
            self._report_list()
        if self._current is None:
            self._next()

    def _outcome(self, series: Series, problem: str) -> SeriesOutcome:
        readings = tuple(self._readings)
        if self._model is None or len(readings) < len(series.slices):
            return SeriesOutcome(readings, is_whole=False, problem=problem)
        verdict = verdict_on(series, readings, self._model)
        return SeriesOutcome(readings, is_whole=True, verdict=verdict)

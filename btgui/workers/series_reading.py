"""Series read whole, one at a time: the one that is open first, then those of a list."""

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
    """What came of reading a series.

    Attributes
    ----------
    readings
        Of its slices, in order.
    is_whole
        Whether every slice was gone through; there is no verdict on part of a series.
    verdict
        None where there is none.
    problem
        Why nothing could be read, and what to do; "" otherwise.
    read_at
        When the last slice was, in UTC.
    """

    readings: tuple[SliceReading, ...]
    is_whole: bool
    verdict: SeriesVerdict | None = None
    problem: str = ""
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)


class SeriesReading(QObject):
    """Has series read in the background and keeps what came of those that were read whole.

    Signals
    -------
    progressed(Series, tuple)
        The readings of this series' slices so far.
    finished(Series, SeriesOutcome)
        No more of this series is read.
    forgotten(Series)
        What was read of it holds no more: its files changed.
    list_progressed(int, int)
        So many series of the list, of so many, are done.
    list_ended(int, int)
        So many were read, of so many; fewer where the user or another model stopped it.
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
        self._opened: Series | None = None  # goes before the list
        self._listed: list[Series] = []  # still to be read
        self._done = self._total = 0  # of the list; 0 of 0 where none is read
        self._current: Series | None = None
        self._readings: list[SliceReading] = []
        self._kept: dict[Series, SeriesOutcome] = {}  # by this model, the latest last
        self._changed: set[Series] = set()  # their files are others than were listed
        self._waits = False  # for a model that is being loaded
        service.slices_read.connect(self._take)
        service.series_finished.connect(self._finish)

    def set_model(self, card: ModelCard) -> None:
        """Read with this model, which is ready."""
        self._model, self._waits = card, False
        self._next()

    def await_model(self) -> None:
        """Forget what was read: another model is being loaded. A list asked for now waits for it."""
        self._waits, self._opened = True, None
        self._kept.clear()
        self._end_list()
        self._cancel()

    def set_no_model(self, _reason: str) -> None:
        """Wait no more: there is no model that could read."""
        self._waits = False
        self._end_list()

    def known(self, series: Series) -> SeriesOutcome | None:
        """Return what came of a series that was read whole, all slices readable."""
        return self._kept.get(series)

    def is_forgotten(self, series: Series) -> bool:
        """Whether a series was let go of because its files changed."""
        return series in self._changed

    def read(self, series: Series) -> None:
        """Read this series next; one of the list that is being read waits."""
        self._opened = series
        if self._current != series:
            self._begin(series)
        elif self._readings:
            self.progressed.emit(series, tuple(self._readings))

    def drop(self) -> None:
        """Want the series that was asked for no more, but for the sake of the list."""
        opened, self._opened = self._opened, None
        if opened is not None and self._current == opened and opened not in self._listed:
            self._cancel()
            self._next()

    def stop(self) -> None:
        """Read no more of the series that was asked for, though it be in the list."""
        if self._opened in self._listed:
            self._listed.remove(self._opened)
        self.drop()
        self._tell()

    def forget(self, series: Series) -> None:
        """Let go of what was read of a series, and read no more of it: its files changed."""
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
        self._tell()
        self.forgotten.emit(series)

    def take_anew(self, found: Sequence[Series]) -> None:
        """Read these again where they are asked for: their files were looked through just now."""
        self._changed.difference_update(found)

    def read_list(self, found: Sequence[Series]) -> None:
        """Read these series one after the other, but for those read whole and those forgotten."""
        known = self._kept.keys() | self._changed
        self._listed = [series for series in found if series not in known]
        self._total = len(found)
        self._done = sum(series in self._kept for series in found)
        self._tell()
        if self._current is None:
            self._next()

    def stop_list(self) -> None:
        """Read no more series of the list, but for the one that was asked for."""
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

    def _tell(self) -> None:
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

    def _take(self, number: int, readings: list[SliceReading]) -> None:
        # What was underway when the reading was stopped, or was of the series before, is late.
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
            self._end_list()  # nothing else could be read either
        elif series in self._listed:
            self._listed.remove(series)
            self._done += 1
            self._tell()
        if self._current is None:
            self._next()

    def _outcome(self, series: Series, problem: str) -> SeriesOutcome:
        readings = tuple(self._readings)
        if self._model is None or len(readings) < len(series.slices):
            return SeriesOutcome(readings, is_whole=False, problem=problem)
        verdict = verdict_on(series, readings, self._model)
        return SeriesOutcome(readings, is_whole=True, verdict=verdict)

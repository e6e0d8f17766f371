"""The reading of all slices of the open series: progress, verdict, and export as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.disk.files import file_name_of
from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.models.card import ModelCard
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.engine.studies.words import (
    CHANGED,
    greys_sentence,
    series_title,
    verdict_warnings,
    why_no_verdict,
)
from btgui.views.saving import CSV_TABLE, ask_and_save
from btgui.views.series.change_watch import ChangeWatch
from btgui.views.series.probability_curve import ProbabilityCurve
from btgui.views.series.verdict_card import VerdictCard
from btgui.workers.series_reading import SeriesOutcome, SeriesReading

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series


class WholeSeries(QObject):
    """Has the open series read, and shows the result on a card and a curve.

    Attributes
    ----------
    readings
        The readings of the slices so far, in order.
    outcome
        The outcome once all slices have been read, else None.

    Signals
    -------
    slice_wanted(int)
        The user requests this slice: one clicked on the curve, or one that decided.
    outcome_changed()
        All slices have been read, the reading was stopped, or the readings are no longer valid.
    """

    slice_wanted = Signal(int)
    outcome_changed = Signal()

    def __init__(
        self,
        reading: SeriesReading,
        curve: ProbabilityCurve,
        parent: QWidget,
        patient_visible: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__(parent)
        self._reading, self._curve, self._parent = reading, curve, parent
        self._patient_visible = patient_visible
        self.card = VerdictCard()
        self._series: Series | None = None
        self.readings: tuple[SliceReading, ...] = ()
        self.outcome: SeriesOutcome | None = None
        self._model: ModelCard | None = None  # the model that made the readings
        self._ready = False
        self._no_model = ""  # why there is no model
        self._watch = ChangeWatch(self._watched, self)
        self._watch.changed.connect(reading.forget)
        curve.slice_wanted.connect(self.slice_wanted)
        self.card.stop.clicked.connect(self.stop)
        self.card.save.clicked.connect(self.save_table)
        self.card.show_deciding.clicked.connect(self._show_deciding)
        self.card.again.clicked.connect(self._go_on)
        reading.progressed.connect(self._take)
        reading.finished.connect(self._finish)
        reading.forgotten.connect(self._put_away)

    @property
    def verdict(self) -> SeriesVerdict | None:
        """The verdict on the series, None where there is none (yet)."""
        return None if self.outcome is None else self.outcome.verdict

    def open(self, series: Series) -> None:
        """Have all slices of this series read; if it is open already, those not read yet."""
        if series == self._series:
            self._go_on()
            self._watch.look()
            return
        self._series = series
        self._watch.look()
        self._read_all()

    def leave(self) -> None:
        """Close the series, and hide its card and curve."""
        self._series = self.outcome = None
        self._reading.drop()
        self._curve.hide()
        self.card.hide()

    def await_model(self) -> None:
        """Read nothing until another model is ready; a finished reading stays meanwhile."""
        unread = self.card.is_running() or bool(self._no_model)
        self._ready, self._no_model = False, ""
        if unread:
            self._read_all()

    def set_model(self, card: ModelCard) -> None:
        """Have the series read by this model, which has been loaded."""
        self._model, self._ready, self._no_model = card, True, ""
        self._read_all()

    def set_no_model(self, reason: str) -> None:
        """Read nothing, because there is no model; discard the readings of another one."""
        self._ready, self._no_model = False, reason
        self._read_all()

    def stop(self) -> None:
        """Stop reading the slices of this series, if they are being read."""
        if self._series is None or not self.card.is_running():
            return
        self._reading.stop()
        self._show_stopped()

    def has_table(self) -> bool:
        """Whether there are readings to save, and reading has ended."""
        return bool(self.readings) and not self.card.is_running()

    def save_table(self) -> None:
        """Ask for a file and write the readings of all slices."""
        if self._series is None or self._model is None or not self.has_table():
            return
        snapshot = self._series, self.readings, self.verdict, self._model
        title = series_title(self._series)
        name = f"{file_name_of(title)}-slices.csv" if self._patient_visible() else "series.csv"
        ask_and_save(self._parent, "Save table", name, CSV_TABLE, write_series_csv, *snapshot)

    def close(self) -> None:
        """Stop checking whether files have changed."""
        self._watch.close()

    def _watched(self) -> tuple[Series, ...]:
        return () if self._series is None else (self._series,)

    def _read_all(self) -> None:
        self.readings, self.outcome = (), None
        self.outcome_changed.emit()
        if self._series is None:
            return
        if self._reading.is_forgotten(self._series):
            self._curve.hide()
            self.card.show_failure(CHANGED)
            return
        if self._model is None or not self._ready:
            self._curve.hide()
            if self._no_model:
                self.card.show_failure(self._no_model)
            else:
                self.card.show_waiting("The model is being loaded …")
            return
        count = len(self._series.slices)
        self._curve.start(count, self._model.display_names)
        self.card.start(count, verdict_warnings(self._series, self._model))
        if known := self._reading.known(self._series):
            self._finish(self._series, known)
        else:
            self._reading.read(self._series)

    def _go_on(self) -> None:
        """Read all slices after a stop, unless they are being read or have been read."""
        if self._series is None or self.card.is_running():
            return
        if len(self.readings) < len(self._series.slices):
            self._read_all()

    def _take(self, series: Series, readings: tuple[SliceReading, ...]) -> None:
        if series != self._series:
            return
        if self.card.is_running():
            self._show_readings(readings)
        else:  # stopped or incomplete here, but the list has started to read this series
            self._read_all()

    def _show_readings(self, readings: tuple[SliceReading, ...]) -> None:
        self.readings = readings
        self.card.set_progress(len(readings))
        self._curve.show_readings(readings)

    def _finish(self, series: Series, outcome: SeriesOutcome) -> None:
        if series != self._series or self._model is None:
            return
        if outcome.problem:
            self.readings = ()  # all slices are read again on the next request
            self._curve.hide()
            self.card.show_failure(outcome.problem)
            return
        self._show_readings(outcome.readings)
        if not outcome.is_whole:
            self._show_stopped()
            return
        self.outcome = outcome
        self.card.show_greys(greys_sentence(self.readings))
        if self.verdict is None:
            self.card.show_no_verdict(why_no_verdict(series, self.readings))
        else:
            self.card.show_verdict(self.verdict, self._model)
            self.card.show_warning(verdict_warnings(series, self._model, self.verdict))
        self._curve.show_deciding(self.verdict.deciding if self.verdict else ())
        self.outcome_changed.emit()
        self._watch.look()

    def _show_stopped(self) -> None:
        self.card.show_greys(greys_sentence(self.readings))
        self.card.show_stopped(len(self.readings))
        self.outcome_changed.emit()

    def _put_away(self, series: Series) -> None:
        """Discard the readings of the series, because its files have changed."""
        if series == self._series:
            self._read_all()

    def _show_deciding(self) -> None:
        if self.verdict is not None and self.verdict.deciding:
            self.slice_wanted.emit(self.verdict.deciding[len(self.verdict.deciding) // 2])

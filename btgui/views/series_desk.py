"""The series that is open: scrolling, reading all of it, its verdict and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QGraphicsView, QWidget

from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.model_card import ModelCard
from btgui.engine.scan import Scan
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading, series_verdict
from btgui.views.reading_page import ReadingPage
from btgui.views.saving import CSV_TABLE, ask_and_save
from btgui.views.series.verdict_card import VerdictCard
from btgui.views.series.words import (
    greys_sentence,
    series_title,
    slice_place,
    verdict_warnings,
    verdict_word,
    why_no_verdict,
)
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.outcomes import FolderReading
from btgui.workers.slice_loader import SliceLoader

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_REMEMBERED = 50  # series whose readings are kept
_REST_MILLISECONDS = 250  # a slice that is looked at for so long is read with its heatmaps


class SeriesDesk(QObject):
    """Leads the reading page through a series and has all of it read.

    Signals
    -------
    wanted(Series)
        The user wants to see this series, open already or not.
    opened(Series)
        This series takes the place of the scan that was open.
    left()
        It has been put away; its files are read no more.
    slice_changed()
        Another slice is on the screen; what was said about the last no longer holds.
    slice_failed(Path, str)
        The slice cannot be read, and why.
    concluded(Series, str)
        All slices were read: the series' verdict in a word.
    """

    wanted = Signal(object)
    opened = Signal(object)
    left = Signal()
    slice_changed = Signal()
    slice_failed = Signal(object, str)
    concluded = Signal(object, str)

    def __init__(self, service: AnalysisService, page: ReadingPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._service, self._page, self._parent = service, page, parent
        self.bar, self.curve = page.series_bar, page.curve
        self.card = VerdictCard()
        self.series: Series | None = None
        self.verdict: SeriesVerdict | None = None
        self.readings: list[SliceReading] = []
        self._read_before: dict[Series, list[SliceReading]] = {}  # by this model, the latest last
        self._model: ModelCard | None = None  # whose readings these are
        self._ready = False
        self._no_model = ""  # why there is none
        self._scan: Scan | None = None
        self._shown = False  # a slice of this series has been on the screen
        self.loader = SliceLoader(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._read_slice)
        self.loader.slice_ready.connect(self._show)
        self.loader.slice_failed.connect(self._fail)
        self.bar.slice_wanted.connect(self._want)
        self.curve.slice_wanted.connect(self.bar.slider.setValue)
        self.card.stop_requested.connect(self.stop_reading)
        self.card.save_requested.connect(self.save_table)
        self.card.deciding_requested.connect(self._show_deciding)
        self.card.again_requested.connect(self._go_on)
        service.slices_read.connect(self._take)
        service.series_finished.connect(self._finish)
        for graphics in page.scan_view.findChildren(QGraphicsView):
            self.bar.watch(graphics)
            self.bar.watch(graphics.viewport())
        for part in (page.gradcam.large, self.curve.plot, self.curve.plot.viewport()):
            self.bar.watch(part)

    def open(self, series: Series) -> None:
        """Show a series at its middle slice and have all of it read."""
        self.wanted.emit(series)
        if self.series == series:  # the same files too, not only what their headers say
            self._go_on()
            return
        self.leave()
        self.series = series
        self._shown = False
        self._page.set_series_open(is_open=True)
        self.opened.emit(series)
        self.loader.open([one.address for one in series.slices])
        self.bar.open(len(series.slices), len(series.slices) // 2, series.findings)
        self._read_all()
        if graphics := self._page.scan_view.findChildren(QGraphicsView):
            graphics[0].setFocus()

    def leave(self) -> None:
        """Put the series away: something else is opened."""
        if self.series is None:
            return
        self.series = self._scan = self.verdict = None
        self._rest.stop()
        self._service.cancel_series()
        self.loader.open(())
        self.bar.close_series()
        self._page.set_series_open(is_open=False)
        self.curve.hide()
        self.card.hide()
        self.left.emit()

    def await_model(self) -> None:
        """Read nothing until another model is ready; what was read to its end stays meanwhile."""
        unread = self.card.is_running() or bool(self._no_model)
        self._ready, self._no_model = False, ""
        if unread:
            self._read_all()

    def set_model(self, card: ModelCard) -> None:
        """Have the series, and the slice that is shown, read by this model, which is ready."""
        self._model, self._ready, self._no_model = card, True, ""
        self._read_before.clear()
        self._read_all()
        if self._scan is not None:
            self.slice_changed.emit()
            self._rest.start()

    def set_no_model(self, reason: str) -> None:
        """Read nothing, because there is no model; what another has read is put away."""
        self._ready, self._no_model = False, reason
        self._read_all()

    def stop_reading(self) -> None:
        """Read no more slices of this series; nothing where none are being read."""
        if self.series is None or not self.card.is_running():
            return
        self._service.cancel_series()
        self.card.show_greys(greys_sentence(self.readings))
        self.card.show_stopped(len(self.readings))

    def save_table(self) -> None:
        """Ask for a file and write the readings of all slices."""
        if self.series is None or self._model is None or not self.readings:
            return
        snapshot = self.series, tuple(self.readings), self.verdict, self._model
        ask_and_save(
            self._parent, "Save table", "series.csv", CSV_TABLE, write_series_csv, *snapshot
        )

    def close(self) -> None:
        """End the thread that reads slices."""
        self.leave()
        self.loader.close()

    def _read_all(self) -> None:
        self.readings, self.verdict = [], None
        if self.series is None:
            return
        if self._model is None or not self._ready:
            self.curve.hide()
            if self._no_model:
                self.card.show_failure(self._no_model)
            else:
                self.card.show_waiting("The model is being loaded …")
            return
        count = len(self.series.slices)
        self.curve.start(count, self._model.display_names)
        self.curve.show_slice(self.bar.slider.value())
        self.card.start(count, verdict_warnings(self.series, self._model))
        if known := self._read_before.get(self.series):
            self.readings = [*known]
            self.card.set_progress(count)
            self.curve.show_readings(self.readings)
            self._conclude(self.series, self._model)
            return
        self._service.read_series([one.address for one in self.series.slices])

    def _go_on(self) -> None:
        """Read all slices, unless they are being read or have been; a reading was stopped."""
        if self.series is None or self.card.is_running():
            return
        if len(self.readings) < len(self.series.slices):
            self._read_all()

    def _want(self, index: int) -> None:
        self._rest.stop()
        self._service.drop_scan()
        self.curve.show_slice(index)
        self.loader.want(index)

    def _show(self, index: int, scan: Scan) -> None:
        if self.series is None:
            return
        self._scan = scan
        self._page.show_slice(scan, series_title(self.series), keep_display=self._shown)
        self._shown = True
        self.bar.set_place(slice_place(self.series, index))
        self.slice_changed.emit()
        self._rest.start()

    def _fail(self, index: int, reason: str) -> None:
        if self.series is None:
            return
        self._scan = None
        self.bar.set_place(slice_place(self.series, index))
        self.slice_changed.emit()
        self.slice_failed.emit(self.series.slices[index].address.path, reason)

    def _read_slice(self) -> None:
        if self._scan is not None:
            self._service.classify(self._scan)

    def _take(self, number: int, readings: list[SliceReading]) -> None:
        # What was underway when the reading was stopped, or was of the series before, is late.
        if self.series is not None and number == self._service.newest_series:
            self.readings.extend(readings)
            self.card.set_progress(len(self.readings))
            self.curve.show_readings(self.readings)

    def _finish(self, number: int, reading: FolderReading) -> None:
        if self.series is None or self._model is None or number != self._service.newest_series:
            return
        if reading.problem:
            self.card.show_failure(reading.problem)
            return
        if len(self.readings) < len(self.series.slices):
            self.card.show_greys(greys_sentence(self.readings))
            self.card.show_stopped(len(self.readings))
            return
        self._remember(self.series)
        self._conclude(self.series, self._model)

    def _remember(self, series: Series) -> None:
        """Keep what was read, for when the reader comes back; of slices that all could be."""
        if all(reading.probabilities for reading in self.readings):
            self._read_before[series] = [*self.readings]
        if len(self._read_before) > _REMEMBERED:
            del self._read_before[next(iter(self._read_before))]

    def _conclude(self, series: Series, model: ModelCard) -> None:
        """Show what all slices together say."""
        self.card.show_greys(greys_sentence(self.readings))
        self.verdict = series_verdict(
            self.readings, len(model.classes), model.healthy_index, series.breaks
        )
        if self.verdict is None:
            self.card.show_no_verdict(why_no_verdict(series, self.readings))
        else:
            self.card.show_verdict(self.verdict, model)
        self.curve.show_deciding(self.verdict.deciding if self.verdict else ())
        self.concluded.emit(series, verdict_word(self.verdict, model))

    def _show_deciding(self) -> None:
        if self.verdict is not None and self.verdict.deciding:
            self.bar.slider.setValue(self.verdict.deciding[len(self.verdict.deciding) // 2])

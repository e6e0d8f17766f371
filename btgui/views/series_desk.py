"""The series that is open: scrolling, reading all of it, its verdict and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from btgui.engine.disk.files import file_name_of
from btgui.engine.exports.series_table import write_series_csv
from btgui.engine.models.card import ModelCard
from btgui.engine.scan import Scan
from btgui.engine.studies.changes import has_changed
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.engine.studies.words import (
    CHANGED,
    greys_sentence,
    series_title,
    slice_place,
    verdict_warnings,
    why_no_verdict,
)
from btgui.views.reading_page import ReadingPage
from btgui.views.saving import CSV_TABLE, ask_and_save
from btgui.views.series.verdict_card import VerdictCard
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.background import Background
from btgui.workers.series_reading import SeriesOutcome, SeriesReading
from btgui.workers.slice_loader import SliceLoader

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

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
    slice_asked()
        The reader rests on the slice: its verdict is asked for.
    slice_failed(Path, str)
        The slice cannot be read, and why.
    outcome_changed()
        All of the series has been read, the reading was stopped, or what was read of it no longer
        holds.
    outdated(Series)
        Its files are no longer those that were listed: what was read of it does not hold.
    """

    wanted = Signal(object)
    opened = Signal(object)
    left = Signal()
    slice_changed = Signal()
    slice_asked = Signal()
    slice_failed = Signal(object, str)
    outcome_changed = Signal()
    outdated = Signal(object)

    def __init__(
        self,
        service: AnalysisService,
        reading: SeriesReading,
        page: ReadingPage,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._service, self._reading = service, reading
        self._page, self._parent = page, parent
        self.bar, self.curve = page.series_bar, page.curve
        self.card = VerdictCard()
        self.series: Series | None = None
        self.verdict: SeriesVerdict | None = None
        self.outcome: SeriesOutcome | None = None  # once all of it has been read
        self.readings: tuple[SliceReading, ...] = ()
        self._model: ModelCard | None = None  # whose readings these are
        self._ready = False
        self._no_model = ""  # why there is none
        self._scan: Scan | None = None
        self._shown = False  # a slice of this series has been on the screen
        self._outdated = False  # its files are no longer those that were listed
        self.loader = SliceLoader(self)
        self._looking = Background(self)
        self._looking.succeeded.connect(self._take_look)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._read_slice)
        self.loader.slice_ready.connect(self._show)
        self.loader.slice_failed.connect(self._fail)
        page.scan_view.display_changed.connect(self._rename)  # where the patient is hidden
        self.bar.slice_wanted.connect(self._want)
        self.curve.slice_wanted.connect(self.bar.slider.setValue)
        self.card.stop_requested.connect(self.stop_reading)
        self.card.save_requested.connect(self.save_table)
        self.card.deciding_requested.connect(self._show_deciding)
        self.card.again_requested.connect(self._go_on)
        reading.progressed.connect(self._take)
        reading.finished.connect(self._finish)
        QApplication.instance().applicationStateChanged.connect(self._look_after_return)
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
            self._look_for_changes()
            return
        self.leave()
        self.series = series
        self._shown = self._outdated = False
        self._page.set_series_open(is_open=True)
        self.opened.emit(series)
        self.loader.open([one.address for one in series.slices])
        self.bar.open(len(series.slices), len(series.slices) // 2, series.findings)
        self._read_all()
        self._look_for_changes()
        if graphics := self._page.scan_view.findChildren(QGraphicsView):
            graphics[0].setFocus()

    def leave(self) -> None:
        """Put the series away: something else is opened."""
        if self.series is None:
            return
        self.series = self._scan = self.verdict = self.outcome = None
        self._rest.stop()
        self._looking.cancel()
        self._reading.drop()
        self.loader.open(())
        self.bar.close_series()
        self._page.set_series_open(is_open=False)
        self.curve.hide()
        self.card.hide()
        self.left.emit()

    def title(self) -> str:
        """Return what the open series is called, "" where there is none."""
        return self._title(patient_visible=self._page.scan_view.patient_visible())

    def await_model(self) -> None:
        """Read nothing until another model is ready; what was read to its end stays meanwhile."""
        unread = self.card.is_running() or bool(self._no_model)
        self._ready, self._no_model = False, ""
        if unread:
            self._read_all()

    def set_model(self, card: ModelCard) -> None:
        """Have the series, and the slice that is shown, read by this model, which is ready."""
        self._model, self._ready, self._no_model = card, True, ""
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
        self._reading.stop()
        self._show_stopped()

    def has_table(self) -> bool:
        """Whether there are readings to save, and no more are being added to them."""
        return bool(self.readings) and not self.card.is_running()

    def save_table(self) -> None:
        """Ask for a file and write the readings of all slices."""
        if self.series is None or self._model is None or not self.has_table():
            return
        snapshot = self.series, self.readings, self.verdict, self._model
        visible = self._page.scan_view.patient_visible()
        name = f"{file_name_of(series_title(self.series))}-slices.csv" if visible else "series.csv"
        ask_and_save(self._parent, "Save table", name, CSV_TABLE, write_series_csv, *snapshot)

    def close(self) -> None:
        """End the thread that reads slices."""
        self.leave()
        self._looking.close(0)
        self.loader.close()

    def _read_all(self) -> None:
        self.readings, self.verdict, self.outcome = (), None, None
        self.outcome_changed.emit()
        if self.series is None:
            return
        if self._outdated:
            self.curve.hide()
            self.card.show_failure(CHANGED)
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
        if known := self._reading.known(self.series):
            self._finish(self.series, known)
        else:
            self._reading.read(self.series)

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
        self._page.show_slice(scan, self.title(), keep_display=self._shown)
        self._shown = True
        self.bar.set_place(slice_place(self.series, index))
        self.slice_changed.emit()
        self._rest.start()

    def _title(self, *, patient_visible: bool) -> str:
        series = self.series
        return "" if series is None else series_title(series, patient_visible=patient_visible)

    def _rename(self) -> None:
        """Call the series on the page otherwise where the patient is hidden now, or is no more."""
        visible = self._page.scan_view.patient_visible()
        if self.series is not None and self._page.name.text() == self._title(
            patient_visible=not visible
        ):
            self._page.set_title(self.title())

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
            self.slice_asked.emit()

    def _take(self, series: Series, readings: tuple[SliceReading, ...]) -> None:
        if series != self.series:
            return
        if self.card.is_running():
            self._show_readings(readings)
        else:  # it was stopped, or not all of it could be read; the list takes it up
            self._read_all()

    def _show_readings(self, readings: tuple[SliceReading, ...]) -> None:
        self.readings = readings
        self.card.set_progress(len(readings))
        self.curve.show_readings(readings)

    def _finish(self, series: Series, outcome: SeriesOutcome) -> None:
        if series != self.series or self._model is None:
            return
        if outcome.problem:
            self.card.show_failure(outcome.problem)
            return
        self._show_readings(outcome.readings)
        if not outcome.is_whole:
            self._show_stopped()
            return
        self.verdict, self.outcome = outcome.verdict, outcome
        self.card.show_greys(greys_sentence(self.readings))
        if self.verdict is None:
            self.card.show_no_verdict(why_no_verdict(series, self.readings))
        else:
            self.card.show_verdict(self.verdict, self._model)
        self.curve.show_deciding(self.verdict.deciding if self.verdict else ())
        self.outcome_changed.emit()
        self._look_for_changes()

    def _show_stopped(self) -> None:
        self.card.show_greys(greys_sentence(self.readings))
        self.card.show_stopped(len(self.readings))
        self.outcome_changed.emit()

    def _look_after_return(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._look_for_changes()

    def _look_for_changes(self) -> None:
        """See in the background whether the files are still those that were listed."""
        series = self.series
        if series is not None and not self._outdated:
            self._looking.start(lambda stopped: has_changed(series, stopped))

    def _take_look(self, changed: bool) -> None:  # noqa: FBT001  (a slot)
        """Put away what was read, and bring the slices as the files hold them now."""
        if not changed or self.series is None:
            return
        self._outdated = True
        self._reading.forget(self.series)
        self._read_all()
        self.outdated.emit(self.series)
        self.loader.open([one.address for one in self.series.slices])
        self._want(self.bar.slider.value())

    def _show_deciding(self) -> None:
        if self.verdict is not None and self.verdict.deciding:
            self.bar.slider.setValue(self.verdict.deciding[len(self.verdict.deciding) // 2])

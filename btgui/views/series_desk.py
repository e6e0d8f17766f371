"""The open series: scrolling through its slices and reading it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QGraphicsView, QWidget

from btgui.engine.models.card import ModelCard
from btgui.engine.scan import Scan
from btgui.engine.studies.words import series_title, slice_place
from btgui.views.reading_page import ReadingPage
from btgui.views.series.whole_series import WholeSeries
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.series_reading import SeriesReading
from btgui.workers.slice_loader import SliceLoader

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_REST_MILLISECONDS = 250  # a slice that stays on the screen this long is read with its heatmaps


class SeriesDesk(QObject):
    """Shows the slices of a series on the reading page and has the whole series read.

    Signals
    -------
    wanted(Series)
        The user wants to see this series, whether it is already open or not.
    opened(Series)
        This series takes the place of the scan that was open.
    left()
        The series was closed; its files are no longer read.
    slice_changed()
        Another slice is on the screen; what was shown about the last one no longer holds.
    slice_asked()
        The reader paused on the slice, and its verdict was requested.
    slice_failed(Path, str)
        The slice at this path cannot be read, for this reason.
    """

    wanted = Signal(object)
    opened = Signal(object)
    left = Signal()
    slice_changed = Signal()
    slice_asked = Signal()
    slice_failed = Signal(object, str)

    def __init__(
        self,
        service: AnalysisService,
        reading: SeriesReading,
        page: ReadingPage,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._service, self._page = service, page
        self.bar, self.curve = page.series_bar, page.curve
        self.whole = WholeSeries(reading, self.curve, parent, page.scan_view.patient_visible)
        self.series: Series | None = None
        self._scan: Scan | None = None
        self._shown = False  # a slice of this series has been on the screen
        self.loader = SliceLoader(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._read_slice)
        self.loader.slice_ready.connect(self._show)
        self.loader.slice_failed.connect(self._fail)
        page.scan_view.display_changed.connect(self._rename)  # where the patient is hidden
        self.bar.slice_wanted.connect(self._want)
        self.whole.slice_wanted.connect(self.bar.slider.setValue)
        reading.forgotten.connect(self._reload)
        for part in (self.bar, self.whole.card):
            leave_focus_to(part, page.scan_view)
        for graphics in page.scan_view.findChildren(QGraphicsView):
            self.bar.watch(graphics)
            self.bar.watch(graphics.viewport())
        for part in (page.gradcam.large, self.curve.plot, self.curve.plot.viewport()):
            self.bar.watch(part)

    def open(self, series: Series) -> None:
        """Show a series at its middle slice and have the whole of it read."""
        self.wanted.emit(series)
        if self.series == series:  # the files too, not only what their headers say
            self.whole.open(series)
            return
        self.leave()
        self.series = series
        self._shown = False
        self._page.set_series_open(is_open=True)
        self.opened.emit(series)
        self.loader.open([one.address for one in series.slices])
        self.bar.open(len(series.slices), len(series.slices) // 2, series.findings)
        self.whole.open(series)
        if self._page.isVisible():
            self._page.scan_view.setFocus()

    def leave(self) -> None:
        """Close the series: something else is about to be opened."""
        if self.series is None:
            return
        self.series = self._scan = None
        self._rest.stop()
        self.whole.leave()
        self.loader.open(())
        self.bar.close_series()
        self._page.set_series_open(is_open=False)
        self.left.emit()

    def title(self) -> str:
        """Return the title of the open series, "" if none is open."""
        return self._title(patient_visible=self._page.scan_view.patient_visible())

    def set_model(self, _card: ModelCard) -> None:
        """Have the slice on the screen read by a model that has become ready."""
        if self._scan is not None:
            self.slice_changed.emit()
            self._rest.start()

    def close(self) -> None:
        """End the thread that reads slices."""
        self.leave()
        self.whole.close()
        self.loader.close()

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
        """Change the title of the series on the page when the patient is hidden or shown again."""
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

    def _reload(self, series: Series) -> None:
        """Load the slices again from the files, which have changed."""
        if series == self.series:
            self.loader.open([one.address for one in series.slices])
            self._want(self.bar.slider.value())

"""The main window: it assembles the parts and passes facts and requests between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter

from btgui.engine.errors import BtguiError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import PACK_SUFFIX, ModelPack
from btgui.engine.notifications import Notification, mention, notify
from btgui.engine.record_store import RecordStore
from btgui.engine.results import Analysis, Device
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.sample_scan import sample_scan_path
from btgui.engine.settings import Settings
from btgui.views.actions import is_for_focus
from btgui.views.browser.earlier_verdicts import EarlierVerdicts
from btgui.views.browser.file_browser import FileBrowser
from btgui.views.dicom_saver import DicomSaver
from btgui.views.folder.desk import FolderDesk
from btgui.views.kept_settings import KeptSettings
from btgui.views.measuring_models.desk import MeasuringDesk
from btgui.views.message_desk import MessageDesk
from btgui.views.model_desk import ModelDesk
from btgui.views.prediction_panel import PredictionPanel
from btgui.views.preprocessing_view import PreprocessingView
from btgui.views.reading_desk import ReadingDesk
from btgui.views.reading_page import ReadingPage
from btgui.views.reading_tabs import ReadingTabs
from btgui.views.report.desk import ReportDesk
from btgui.views.runtime_menu import RuntimeMenu
from btgui.views.saving import await_savings
from btgui.views.series_desk import SeriesDesk
from btgui.views.series_list_desk import SeriesListDesk
from btgui.views.status_bar import StatusBar
from btgui.views.training_desk import TrainingDesk
from btgui.views.viewer_tools import ViewerTools
from btgui.views.widgets.dropped_files import FileDrops
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.layouts import Column, stacked
from btgui.views.window_actions import WindowActions
from btgui.views.window_state import open_at, restore_state, save_state
from btgui.workers.analysis_worker import AnalysisService
from btgui.workers.series_reading import SeriesReading

if TYPE_CHECKING:
    from btgui.engine.studies.series import PassedOver

_WAYS_TO_OPEN = ("open_files", "open_folder", "open_sample")
_LISTED_LETTERS = 36  # characters: the initial width of the lists of folders, series and scans


class MainWindow(QMainWindow):
    """Browser on the left, the scan and its explanation in the middle, the verdict on the right."""

    def __init__(
        self,
        service: AnalysisService,
        library: ModelLibrary,
        settings: Settings,
        records: RecordStore | None,
    ) -> None:
        super().__init__()
        self.service, self.library = service, library
        self.kept, self.records = KeptSettings(settings, self), records
        self.pack: ModelPack | None = None  # the model that is ready
        self._last_ready = ""  # the id of the model that was ready last
        self._wanted: ModelPack | None = None  # the model last requested
        self._open_path: Path | None = None
        self._refusal = ""  # why the model last requested could not be loaded
        self.browser = FileBrowser()
        self.page = ReadingPage()
        self.scan_view, self.gradcam = self.page.scan_view, self.page.gradcam
        self.preprocessing = PreprocessingView()
        self.folder = FolderDesk(service, self.browser, self)
        self.folder_results = self.folder.results
        self.earlier = EarlierVerdicts(self.browser, records)
        self.desk = ModelDesk(library, self)
        self.models = self.desk.picker
        self.prediction = PredictionPanel()
        parts = (self.page, self.preprocessing, self.prediction)
        self.reading = ReadingDesk(service, *parts, self)
        self.training = TrainingDesk(library, self)
        self.measuring = MeasuringDesk(library, self)
        self.series_reading = SeriesReading(service, self)
        self.series = SeriesDesk(service, self.series_reading, self.page, self)
        self.series_list = SeriesListDesk(self.series_reading, self.browser, self)
        self.dicom_saver = DicomSaver(self.page, self.prediction, self.series, self)
        self.status = StatusBar()
        self.messages = MessageDesk(self.status, self)
        self.viewer = ViewerTools(self.page, self.browser, lambda: self.series.series, self)
        self.report = ReportDesk(service, self.browser, self.page, self.series, self)
        self._lay_out()
        self.own_actions = WindowActions(self)
        opening = (self.findChild(QAction, name) for name in _WAYS_TO_OPEN)
        self.page.invitation.offer(opening)
        self.compute = RuntimeMenu(service.runtime, self)
        self.own_actions.menus["Models"].addSeparator()
        self.own_actions.menus["Models"].addMenu(self.compute)
        self.training.enable_in(self.own_actions.menus["Models"])
        self.viewer.start(settings)
        self._connect()
        self.gradcam.set_view_options(
            settings.colour_map,
            settings.heatmap_opacity,
            settings.cam_method,
            contours=settings.heatmap_contours,
        )
        self._show_recent(settings)
        open_at(self, self.sizeHint().width(), self.sizeHint().height())
        restore_state(self, self.columns)

    def start(self) -> None:
        """Load the default model; the window must already be visible."""
        self.library.remove_left_behind()
        self.training.offer_earlier_runs()
        for broken in self.library.broken():
            notify(Notification("warning", f"Models left out: {broken.reason}"))
        try:
            pack = self.library.default_model(self.kept.now.default_model_id)
        except BtguiError as error:
            self._show_no_model(str(error))
            return
        self.use_model(pack)

    def use_model(self, pack: ModelPack) -> None:
        """Read with this model from now on; the open scan is read again."""
        self.messages.withdraw(self._refusal)
        self._wanted, self.pack, self._refusal = pack, None, ""
        self.desk.set_chosen(pack.card.id)
        for part in (self.prediction, self.series_reading, self.series.whole, self.folder):
            part.await_model()
        self.service.load_model(pack)

    def open_paths(self, paths: list[Path]) -> None:
        """List files and folders; open the first scan."""
        self.status.clearMessage()  # of the previous search
        self.browser.show_files(paths, opens_first=True)

    def open_sample(self) -> None:
        """Open the sample scan; its folder is not shown, as it does not concern the user."""
        try:
            sample = sample_scan_path()
        except BtguiError as error:
            notify(Notification("warning", str(error)))
        else:
            self.browser.show_files([sample], in_tree=False, opens_first=True)

    def open_scan(self, path: Path) -> None:
        """Read a scan and show it; an older request is superseded."""
        self.tabs.leave_table()
        self._read(path)

    def _read(self, path: Path) -> None:
        self._open_path = path
        self.series.leave()
        self.gradcam.follow_verdict()
        self.browser.list.choose(path)
        self.prediction.name_scan(path.name)
        self.reading.begin()
        self.service.read_scan(path)

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the size of the window at the first start."""
        return QSize(1440, 900)

    def event(self, event: QEvent) -> bool:
        """Leave keys that the focus widget uses, such as Space on a button, to that widget."""
        if is_for_focus(self, event):
            event.accept()
            return True
        return super().event(event)

    def take_files(self, paths: list[Path]) -> None:
        """Add models to the library and open everything else."""
        models = [path for path in paths if path.suffix.casefold() == PACK_SUFFIX]
        for path in models:
            self.desk.import_model(path)
        if scans := [path for path in paths if path not in models]:
            self.open_paths(scans)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """Save the window's state and end all background work."""
        # Training last: it stops as soon as the user agrees, and a later no would come too late.
        desks = (self.desk, self.measuring, self.training)
        if not (await_savings(self) and all(desk.may_close() for desk in desks)):
            event.ignore()
            return
        reading = (self.viewer, self.series, self.series_list, self.report)
        work = (self.training, self.measuring, self.desk, self.earlier)
        for part in (*work, *reading, self.kept, self.messages):
            part.close()
        save_state(self, self.columns)
        self.browser.close_workers()
        self.service.close()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.setWindowTitle("btgui")
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        # The handle to drag a collapsed column out again would be invisible.
        self.columns.setChildrenCollapsible(False)
        # Not contents margins of the splitter, which ignores them.
        columns = stacked(self.columns, edge=8)
        # Filled in place: Qt restyles a widget that is reparented, with all its children.
        parts = (self.messages.bar, self.training.bar, columns)
        self.setCentralWidget(stacked(*parts))
        self.columns.addWidget(self.browser)
        pages = (self.page, self.preprocessing, self.folder_results)
        self.tabs = ReadingTabs(*pages, self.columns)
        for bar in (self.messages.bar, self.training.bar):
            leave_focus_to(bar, self.scan_view, self.tabs.tabBar())
        parts = (self.models, self.series.whole.card, self.prediction)
        Column(stacked(*parts, top=6), "Model and verdict", self.columns)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([_LISTED_LETTERS * self.fontMetrics().averageCharWidth(), 926, 278])
        self.status.insertPermanentWidget(0, self.training.news.indicator)
        self.setStatusBar(self.status)
        self.scan_view.setFocus()  # else a button of a bar above would get the focus

    def _connect(self) -> None:
        service, browser, kept = self.service, self.browser, self.kept
        FileDrops(self, "Drop to open").dropped.connect(self.take_files)
        browser.scan_requested.connect(self.open_scan)
        browser.series_requested.connect(self.series.open)
        self.scan_view.display_changed.connect(
            lambda: browser.series.set_patient_visible(self.scan_view.patient_visible())
        )
        self.series.wanted.connect(self.tabs.leave_table)
        self.page.series_bar.slice_wanted.connect(self.tabs.leave_table)
        self.tabs.scan_left.connect(self.page.series_bar.pause)
        self.series.opened.connect(self.gradcam.follow_verdict)
        self.series.opened.connect(self._slice_changed)
        self.series.opened.connect(lambda _series: self.prediction.set_of_slice(of_slice=True))
        self.series.left.connect(lambda: self.prediction.set_of_slice(of_slice=False))
        self.series.left.connect(self._release_archives)
        self.series.left.connect(browser.series.clearSelection)
        self.series.opened.connect(browser.series.mark)
        self.series.slice_changed.connect(self._slice_changed)
        self.series.slice_asked.connect(self.reading.begin)
        self.series.slice_failed.connect(self._scan_failed)
        browser.folder_opened.connect(lambda f: kept.apply(lambda now: now.with_recent_folder(f)))
        browser.files_listed.connect(self._files_listed)
        browser.recent.folder_chosen.connect(lambda folder: self.open_paths([Path(folder)]))
        browser.recent.remembering_requested.connect(
            lambda remember: kept.apply(lambda now: now.remembering_folders(remember))
        )
        browser.recent.forgetting_requested.connect(
            lambda: kept.apply(Settings.without_recent_folders)
        )
        kept.changed.connect(self._show_recent)
        kept.changed.connect(self.viewer.adopt)
        self.desk.use_requested.connect(lambda chosen: self.use_model(self.library.get(chosen)))
        self.gradcam.view_options_changed.connect(lambda options: kept.change_often(**options))
        self.viewer.settings_changed.connect(lambda options: kept.change(**options))
        self.folder.started.connect(self.tabs.show_table)
        self.folder_results.scan_requested.connect(self.open_scan)
        service.model_loading.connect(self.status.show_loading)
        service.model_ready.connect(self._model_ready)
        service.model_failed.connect(self._model_failed)
        service.scan_failed.connect(self._scan_failed)
        service.prediction_ready.connect(self._prediction_ready)
        for desk in (self.training, self.measuring):
            desk.open_requested.connect(self.open_scan)
        self.compute.chosen.connect(self._compute_with)
        self.desk.comparison_requested.connect(self.measuring.show_comparison)
        self.desk.models_changed.connect(self.measuring.refresh_models)
        self.training.model_accepted.connect(self.desk.take_new_model)
        for part in (self.training.news, self.dicom_saver, browser.passed_over):
            part.problem_over.connect(self.messages.withdraw)

    def _files_listed(self, paths: list[Path]) -> None:
        opens_first = self.browser.opens_first
        if opens_first and (found := self.browser.found_series()):
            self.series.open(found[0])
        elif opens_first and paths:
            self.open_scan(paths[0])
        elif opens_first and (passed_over := self.browser.passed_over.files):
            self._show_passed_over(passed_over[0])
        elif opens_first:
            mention("No scans were found there.")
        elif self._open_path is not None:
            self.browser.list.choose(self._open_path)
        if self.series.series is not None:
            self.browser.series.mark(self.series.series)
        self._release_archives()

    def _show_passed_over(self, file: PassedOver) -> None:
        """Show in place of the open scan or series why this file could not be looked into."""
        self.tabs.leave_table()
        self.series.leave()
        self.service.drop_scan()  # else what was open would still get its picture and verdict
        self._open_path = None
        self._scan_failed(file.path, file.reason)

    def _release_archives(self) -> None:
        """Release the ZIP files that nothing on the screen is read from any more."""
        series = self.series.series
        shown = [] if series is None else [series.slices[0].address.path]
        opened = [] if self._open_path is None else [self._open_path]
        compared = self.viewer.compared_files()
        self.browser.indexing.release([*shown, *opened, *compared, *self.folder.places_in_use()])

    def _model_ready(self, pack: ModelPack, device: Device, milliseconds: float) -> None:
        # A reload of the same model is no choice: another window may have chosen a default since.
        if self._last_ready != pack.card.id:
            self.kept.apply(lambda now: now.with_default_model(pack.card.id))
        self.pack, self._last_ready = pack, pack.card.id
        self.training.set_in_use(pack.card.id)
        self.measuring.set_in_use(pack.card.id)
        before = self.kept.now.previous_model_id
        self.desk.set_ready(pack.card.id, before, milliseconds, device)
        self.status.show_ready(pack.card.name, device)
        reading = (self.series_reading, self.series_list, self.series.whole, self.series)
        for part in (self.prediction, self.earlier, self.folder, *reading):
            part.set_model(pack.card)
        if self._open_path is not None:
            self._read(self._open_path)

    def _slice_changed(self) -> None:
        self._open_path = None
        self.reading.await_rest()

    def _compute_with(self, runtime: RuntimeName) -> None:
        self.kept.change(runtime=runtime)
        self.service.runtime = runtime
        if self._wanted is not None:
            self.use_model(self._wanted)

    def _show_no_model(self, reason: str) -> None:
        self.status.show_failed()
        self.desk.set_none_ready()
        self.reading.take_back()
        for part in (self.prediction, self.series_reading, self.series.whole, self.folder):
            part.set_no_model(reason)

    def _model_failed(self, reason: str) -> None:
        self._show_no_model(f"{reason} Choose another model, or Models, Compute with, Automatic.")
        self._refusal = reason
        notify(Notification("error", reason))
        scan = self.scan_view.scan
        if self._open_path is not None and (scan is None or scan.path != self._open_path):
            # The model was requested before the scan could be shown, which dropped its reading.
            self.service.read_scan(self._open_path)

    def _scan_failed(self, path: Path, reason: str) -> None:
        self.reading.fail(self.series.title() or path.name, path, reason)

    def _prediction_ready(self, analysis: Analysis) -> None:
        prediction, path = analysis.prediction, analysis.scan.path
        index, unfamiliar = prediction.verdict_index, self._unfamiliar(path)
        doubts = f"{analysis.reading.doubt} {unfamiliar}".strip()
        self.browser.list.scans.set_verdict(path, prediction.display_names[index], index, doubts)
        self.reading.show(analysis, unfamiliar)

    def _unfamiliar(self, path: Path) -> str:
        """Return why a single scan's header makes its verdict doubtful, "" for a series or none."""
        is_alone = self.series.series is None and self.pack is not None
        return self.browser.unfamiliar(path, self.pack.card) if is_alone else ""

    def _show_recent(self, settings: Settings) -> None:
        remembered = settings.remember_recent
        self.browser.recent.set_folders(settings.recent_folders, remembered=remembered)

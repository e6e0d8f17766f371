"""Reading, preprocessing, inference and explanation on one thread away from the window.

:class:`AnalysisService` lives on the window's thread and is the interface for views.
:class:`_Worker` lives on a thread of its own and talks to the network's process. Requests
are numbered: results of any but the newest request are dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from btgui.engine.models.card import ModelCard
from btgui.engine.models.pack import ModelPack
from btgui.engine.record_store import RecordStore
from btgui.engine.results import Analysis, CamMethod, Reading
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.scan import Scan, ScanAddress
from btgui.engine.series_analysis import slice_readings
from btgui.workers import answers
from btgui.workers.batch_reader import BatchedRun, BatchReader, Outcome
from btgui.workers.explaining import explained
from btgui.workers.outcomes import FolderReading, result_rows
from btgui.workers.reading import classified_or_why, read_or_why, scans_among
from btgui.workers.reading_model import ReadingModel
from btgui.workers.recording import Recording


class AnalysisService(QObject):
    """Reads scans in the background and reports the results by signals.

    Signals
    -------
    model_loading(str)
        The model with this name is being loaded.
    model_ready(ModelPack, Device, float)
        The model is ready on this device; the number is its milliseconds per scan.
    model_failed(str)
        The model could not be loaded, and why.
    scan_loaded(Scan)
        The newest requested scan has been read; there is no verdict yet.
    scan_failed(Path, str)
        The newest requested scan could not be read, and why.
    analysis_failed(Path, str)
        The newest requested scan was read, but there is no verdict on it, and why.
    prediction_ready(Analysis)
        The newest scan's verdict.
    explanation_ready(Analysis)
        The newest scan's heatmaps, for the class requested last.
    explanation_failed(str)
        There are no heatmaps for the newest scan, and why; the verdict stands.
    folder_started(int)
        The given number of scans was found and will be read.
    folder_results(list)
        The next results, each as (ResultRow, class index); the index is -1 for a failure.
    folder_progress(int, int, float)
        Done, total, seconds left (negative if not known yet).
    folder_finished(FolderReading)
        All scans were read, or the user stopped the reading.
    slices_read(int, list)
        The request's number and the next slices of a series, each as a SliceReading. Slices of
        an older request may arrive after a newer request was made.
    series_finished(int, str)
        The reading of the series with this number has ended; why nothing could be read, or "".
    """

    model_loading = Signal(str)
    model_ready = Signal(object, object, float)
    model_failed = Signal(str)
    scan_loaded = Signal(object)
    scan_failed = Signal(object, str)
    analysis_failed = Signal(object, str)
    prediction_ready = Signal(object)
    explanation_ready = Signal(object)
    explanation_failed = Signal(str)
    folder_started = Signal(int)
    folder_results = Signal(list)
    folder_progress = Signal(int, int, float)
    folder_finished = Signal(object)
    slices_read = Signal(int, list)
    series_finished = Signal(int, str)

    _model_requested = Signal(int, object, str)
    _scan_requested = Signal(int, object)
    _explanation_requested = Signal(int, object, int, str)
    _folder_requested = Signal(int, object)
    _series_requested = Signal(int, object)

    def __init__(
        self,
        records: RecordStore | None = None,
        runtime: RuntimeName = "auto",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("analysis")
        self._worker = _Worker(self, records)
        self.runtime: RuntimeName = runtime  # for models that are loaded from now on
        self._worker.moveToThread(self._thread)
        self.newest_model = self.newest_scan = self.newest_explanation = 0
        self.newest_folder = self.newest_series = 0
        queued = Qt.ConnectionType.QueuedConnection
        self._model_requested.connect(self._worker.load_model, queued)
        self._scan_requested.connect(self._worker.read_scan, queued)
        self._explanation_requested.connect(self._worker.explain, queued)
        self._worker.model.answered.connect(self._deliver_model, queued)
        self._worker.scan_answered.connect(self._deliver_scan, queued)
        self._worker.explained.connect(self._deliver_explanation, queued)
        self._folder_requested.connect(self._worker.start_folder, queued)
        self._series_requested.connect(self._worker.start_series, queued)
        self._thread.finished.connect(self._worker.release, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @Slot(object)
    def load_model(self, pack: ModelPack) -> None:
        """Load a model in place of the present one, which stops reading.

        An open scan or series must be requested again.
        """
        self.drop_scan()
        self.cancel_folder()
        self.cancel_series()
        self.newest_model += 1
        self.model_loading.emit(pack.card.name)
        self._model_requested.emit(self.newest_model, pack, self.runtime)

    @Slot(object)
    def read_scan(self, path: Path) -> None:
        """Read a file and, if a model is ready, classify the scan; older requests are dropped."""
        self.drop_scan()
        self._scan_requested.emit(self.newest_scan, path)

    def classify(self, scan: Scan) -> None:
        """Classify a scan that has already been read and is being shown."""
        self.drop_scan()
        self._scan_requested.emit(self.newest_scan, scan)

    def drop_scan(self) -> None:
        """Drop all pending requests about a scan."""
        self.newest_scan += 1
        self.newest_explanation += 1

    def explain(self, analysis: Analysis, target_index: int, method: CamMethod) -> None:
        """Compute heatmaps of an analysis for one class; older requests are dropped."""
        self.newest_explanation += 1
        self._explanation_requested.emit(self.newest_explanation, analysis, target_index, method)

    @Slot(object)
    def read_folder(self, paths: list[Path]) -> None:
        """Read files and folders in the background, in order."""
        self.newest_folder += 1
        self._folder_requested.emit(self.newest_folder, paths)

    @Slot()
    def cancel_folder(self) -> None:
        """Stop reading a folder; the results so far stay."""
        self.newest_folder += 1

    def read_series(self, addresses: Sequence[ScanAddress]) -> None:
        """Read the slices of a series in the background, in order, in place of an earlier series."""
        self.newest_series += 1
        self._series_requested.emit(self.newest_series, list(addresses))

    @Slot()
    def cancel_series(self) -> None:
        """Stop reading a series; no more signals are emitted for it."""
        self.newest_series += 1

    def close(self) -> None:
        """End the thread and the network's process."""
        self.newest_model += 1
        self.drop_scan()
        self.cancel_folder()
        self.cancel_series()
        self._worker.model.abort()
        self._thread.quit()
        self._thread.wait()  # not long: reading is abandoned as soon as it is no longer wanted

    # Checked on this thread: a newer request may be made while an answer is being delivered.

    @Slot(int, object)
    def _deliver_model(self, number: int, answer: answers.ModelAnswer) -> None:
        if number != self.newest_model:
            return
        match answer:
            case answers.ModelReady():
                self.model_ready.emit(answer.pack, answer.device, answer.milliseconds)
            case answers.ModelRefused():
                self.model_failed.emit(answer.reason)

    @Slot(int, object)
    def _deliver_scan(self, number: int, answer: answers.ScanAnswer) -> None:
        if number != self.newest_scan:
            return
        match answer:
            case Scan():
                self.scan_loaded.emit(answer)
            case answers.Unread():
                self.scan_failed.emit(answer.path, answer.reason)
            case Analysis():
                self.prediction_ready.emit(answer)
            case answers.Unanalysed():
                self.analysis_failed.emit(answer.path, answer.reason)

    @Slot(int, object)
    def _deliver_explanation(self, number: int, outcome: Analysis | str) -> None:
        if number != self.newest_explanation:
            return
        if isinstance(outcome, Analysis):
            self.explanation_ready.emit(outcome)
        else:
            self.explanation_failed.emit(outcome)


class _Worker(QObject):
    """The part of the service that lives on the analysis thread."""

    scan_answered = Signal(int, object)  # the request's number, and a ScanAnswer
    explained = Signal(int, object)  # the request's number, and an Analysis or why there is none

    def __init__(self, service: AnalysisService, records: RecordStore | None) -> None:
        super().__init__()
        self._service = service
        self._recording = Recording(records)
        self.model = ReadingModel(self)
        self._folder_card: ModelCard | None = None
        self._folder = BatchReader(
            lambda number: number == service.newest_folder,
            self._report_files,
            lambda run, stopped: service.folder_finished.emit(
                FolderReading(run.read, run.failed, stopped, run.number)
            ),
            self,
        )
        self._series = BatchReader(
            lambda number: number == service.newest_series,
            self._report_slices,
            self._series_ended,
            self,
        )

    @Slot(int, object, str)
    def load_model(self, number: int, pack: ModelPack, runtime: RuntimeName) -> None:
        if number == self._service.newest_model:
            self._series.stop()  # before its process ends; a folder's reading reports its own end
            self.model.load(number, pack, runtime, lambda: number == self._service.newest_model)

    @Slot(int, object)
    def read_scan(self, number: int, asked: Path | Scan) -> None:
        def is_wanted() -> bool:
            return number == self._service.newest_scan

        if not is_wanted():
            return
        found, took = read_or_why(asked, is_wanted)
        if (
            found is not None and found is not asked
        ):  # a scan that is already shown is not sent again
            self.scan_answered.emit(number, found)
        analyser = self.model.analyser
        if isinstance(found, Scan) and analyser is not None and is_wanted():
            answer = classified_or_why(analyser, found, took, self._recording)
            self.scan_answered.emit(number, answer)

    @Slot(int, object, int, str)
    def explain(
        self, number: int, analysis: Analysis, target_index: int, method: CamMethod
    ) -> None:
        if number != self._service.newest_explanation:
            return
        analyser = self.model.analyser
        outcome: Analysis | str
        if analyser is None:
            outcome = f"No heatmaps: {self.model.why_none()}"
        else:
            outcome = explained(analyser, analysis, target_index, method)
        self.explained.emit(number, outcome)

    @Slot(int, object)
    def start_folder(self, number: int, paths: list[Path]) -> None:
        if number != self._service.newest_folder:
            return
        self._folder.stop()
        if self.model.analyser is None:
            problem = self.model.why_none()
            ended = FolderReading(0, 0, stopped=True, number=number, problem=problem)
            self._service.folder_finished.emit(ended)
            return
        files = scans_among(paths, lambda: number == self._service.newest_folder)
        self._service.folder_started.emit(len(files))
        self._folder_card = self.model.analyser.pack.card
        self._folder.start(number, self.model.process, files)

    @Slot(int, object)
    def start_series(self, number: int, addresses: list[ScanAddress]) -> None:
        self._series.stop()
        if number != self._service.newest_series:
            return
        if self.model.analyser is None:
            self._service.series_finished.emit(number, self.model.why_none())
            return
        self._series.start(number, self.model.process, addresses, as_series=True)

    def _report_files(self, run: BatchedRun, batch: list[tuple[Path, Outcome]]) -> None:
        card = self._folder_card
        assert card is not None  # noqa: S101  (set when the reading began)
        for _, outcome in batch:
            if isinstance(outcome, Reading):
                self._recording.keep(outcome)
        # All at once, so that the window is repainted once per batch.
        self._service.folder_results.emit(result_rows(card, batch))
        self._service.folder_progress.emit(run.done, run.total, run.seconds_left())

    def _report_slices(self, run: BatchedRun, batch: list[tuple[ScanAddress, Outcome]]) -> None:
        if run.number == self._service.newest_series:
            first = run.done - len(batch)  # outcomes come in order
            self._service.slices_read.emit(run.number, slice_readings(first, batch))

    def _series_ended(self, run: BatchedRun, _stopped: bool) -> None:  # noqa: FBT001  (a callback)
        if run.number == self._service.newest_series:
            self._service.series_finished.emit(run.number, "")

    def release(self) -> None:
        """Release everything, on the analysis thread as it ends."""
        self._folder.stop()
        self._series.stop()
        self.model.close()

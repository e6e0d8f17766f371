"""Reading, preprocessing, inference and explanation on one thread away from the window.

:class:`AnalysisService` lives on the window's thread and is all that views know.
:class:`_Worker` lives on a thread of its own and talks to the network's process. A
newer request supersedes an older one by its number: stale results are dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from btgui.engine.analysis import Analyser, Outcome
from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.exports.csv_table import ResultRow
from btgui.engine.model_pack import ModelPack, open_pack
from btgui.engine.notifications import Notification, notify, notify_exception
from btgui.engine.record_store import RecordStore
from btgui.engine.results import Analysis, CamMethod
from btgui.engine.runtimes.choice import RuntimeName
from btgui.engine.runtimes.process_runtime import ProcessRuntime
from btgui.engine.scan_source import find_scans, read_scan

_LOOK_MILLISECONDS = 40


@dataclass(frozen=True)
class FolderReading:
    """A folder reading's end: how many were read, how many failed, and whether it was stopped."""

    read: int
    failed: int
    stopped: bool


class AnalysisService(QObject):
    """Reads scans in the background and says what came of it.

    Signals
    -------
    model_loading(str)
        A model of this name is being loaded.
    model_ready(ModelPack, Device, float)
        It is ready, on this device, at so many milliseconds a scan.
    model_failed(str)
        It could not be loaded, and why.
    scan_loaded(Scan)
        The newest requested scan has been read; no verdict yet.
    scan_failed(Path, str)
        The newest requested scan, or its analysis, failed, and why.
    prediction_ready(Analysis)
        The newest scan's verdict.
    explanation_ready(Analysis)
        The newest scan's heatmaps.
    folder_started(int)
        So many scans were found and will be read.
    folder_result(ResultRow, int)
        One of them was read (with its class index) or failed (-1).
    folder_progress(int, int, float)
        Done, total, seconds left (negative where not known yet).
    folder_finished(FolderReading)
        All were read, or the user stopped it.
    """

    model_loading = Signal(str)
    model_ready = Signal(object, object, float)
    model_failed = Signal(str)
    scan_loaded = Signal(object)
    scan_failed = Signal(object, str)
    prediction_ready = Signal(object)
    explanation_ready = Signal(object)
    folder_started = Signal(int)
    folder_result = Signal(object, int)
    folder_progress = Signal(int, int, float)
    folder_finished = Signal(object)

    _model_requested = Signal(object)
    _scan_requested = Signal(int, object)
    _explanation_requested = Signal(int, object, int, str)
    _folder_requested = Signal(int, object)

    def __init__(
        self,
        records: RecordStore | None = None,
        runtime: RuntimeName = "auto",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._thread = QThread()
        self._thread.setObjectName("analysis")
        self._worker = _Worker(self, records, runtime)
        self._worker.moveToThread(self._thread)
        self.newest_scan = 0
        self.newest_folder = 0
        queued = Qt.ConnectionType.QueuedConnection
        self._model_requested.connect(self._worker.load_model, queued)
        self._scan_requested.connect(self._worker.read_scan, queued)
        self._explanation_requested.connect(self._worker.explain, queued)
        self._folder_requested.connect(self._worker.start_folder, queued)
        self._thread.finished.connect(self._worker.release, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @Slot(object)
    def load_model(self, pack: ModelPack) -> None:
        """Load a model in place of the present one; a scan that is open must be asked for again."""
        self.newest_scan += 1
        self._model_requested.emit(pack)

    @Slot(object)
    def read_scan(self, path: Path) -> None:
        """Read, classify and (once loaded) explain a file; older requests are dropped."""
        self.newest_scan += 1
        self._scan_requested.emit(self.newest_scan, path)

    def explain(self, analysis: Analysis, target_index: int, method: CamMethod) -> None:
        """Explain an analysis of the present model for one class."""
        self._explanation_requested.emit(self.newest_scan, analysis, target_index, method)

    @Slot(object)
    def read_folder(self, paths: list[Path]) -> None:
        """Read files and folders in the background, in order."""
        self.newest_folder += 1
        self._folder_requested.emit(self.newest_folder, paths)

    @Slot()
    def cancel_folder(self) -> None:
        """Stop reading a folder; what was read stays."""
        self.newest_folder += 1

    def close(self) -> None:
        """End the thread and the network's process."""
        self.newest_scan += 1
        self.newest_folder += 1
        self._worker.abandon()
        self._thread.quit()
        self._thread.wait()


class _Worker(QObject):
    """The service's other half, on the analysis thread."""

    def __init__(
        self, service: AnalysisService, records: RecordStore | None, runtime: RuntimeName
    ) -> None:
        super().__init__()
        self._wanted = runtime
        self._service = service
        self._records = records
        self._analyser: Analyser | None = None
        self._runtime: ProcessRuntime | None = None
        self._loading: ModelPack | None = None
        self._folder: _FolderRun | None = None

    def abandon(self) -> None:
        """Unblock a wait for the network's process; called from the window's thread at the end."""
        runtime = self._runtime
        if runtime is not None:
            runtime.abort()

    @Slot(object)
    def load_model(self, pack: ModelPack) -> None:
        service = self._service
        service.model_loading.emit(pack.card.name)
        if self._runtime is not None:
            self._runtime.close()
        self._analyser = self._runtime = self._loading = None
        try:
            verified = open_pack(pack.folder)
            self._runtime = ProcessRuntime(verified, self._wanted)
            self._runtime.begin_warm_up()
        except BtguiError as error:
            service.model_failed.emit(str(error))
        else:
            self._loading = verified
            self._await_model()

    @Slot()
    def _await_model(self) -> None:
        """Look now and then whether the model is loaded: scans can be shown meanwhile."""
        service, runtime, pack = self._service, self._runtime, self._loading
        if runtime is None or pack is None or self._analyser is not None:
            return
        if not runtime.is_warm():
            QTimer.singleShot(_LOOK_MILLISECONDS, self._await_model)
            return
        self._loading = None
        try:
            milliseconds = runtime.finish_warm_up()
        except Cancelled:
            return
        except BtguiError as error:
            service.model_failed.emit(str(error))
        except Exception as error:  # noqa: BLE001  (the user must hear of it)
            service.model_failed.emit("The model could not be loaded.")
            notify_exception(error, "The model could not be loaded.")
        else:
            self._analyser = Analyser(pack, runtime)
            service.model_ready.emit(pack, runtime.device, milliseconds)

    @Slot(int, object)
    def read_scan(self, number: int, path: Path) -> None:
        service = self._service
        if number != service.newest_scan:
            return
        try:
            start = time.perf_counter()
            scan = read_scan(path)
            took = (time.perf_counter() - start) * 1000
            if number != service.newest_scan:
                return
            service.scan_loaded.emit(scan)
            if self._analyser is None:
                return
            analysis = self._analyser.classify(scan, took)
            self._record(analysis)
            if number != service.newest_scan:
                return
            service.prediction_ready.emit(analysis)
        except BtguiError as error:
            self._fail(number, path, str(error))
        except Exception as error:  # noqa: BLE001  (the user must hear of it)
            self._fail(number, path, f"{path.name} could not be analysed.")
            notify_exception(error, f"{path.name} could not be analysed.")

    @Slot(int, object, int, str)
    def explain(
        self, number: int, analysis: Analysis, target_index: int, method: CamMethod
    ) -> None:
        service = self._service
        analyser = self._analyser
        if number != service.newest_scan or analyser is None:
            return
        if analyser.pack.card.id != analysis.model_id:
            return
        try:
            explained = analyser.explain(analysis, target_index, method)
        except BtguiError as error:
            self._fail(number, analysis.scan.path, str(error))
        except Exception as error:  # noqa: BLE001  (the user must hear of it)
            notify_exception(error, "The heatmaps could not be computed.")
        else:
            if number == service.newest_scan:
                service.explanation_ready.emit(explained)

    @Slot(int, object)
    def start_folder(self, number: int, paths: list[Path]) -> None:
        if number != self._service.newest_folder:
            return
        if self._folder is not None:
            self._folder.batches.close()
        if self._analyser is None:
            self._service.folder_finished.emit(FolderReading(0, 0, stopped=True))
            return
        files = find_scans(paths)
        self._service.folder_started.emit(len(files))
        self._folder = _FolderRun(number, self._analyser, files)
        self._next_batch()

    @Slot()
    def _next_batch(self) -> None:
        run = self._folder
        if run is None:
            return
        stopped = run.number != self._service.newest_folder
        try:
            batch = None if stopped else next(run.batches, None)
        except Cancelled:
            batch, stopped = None, True
        except Exception as error:  # noqa: BLE001  (the user must hear of it)
            notify_exception(error, "Reading the folder stopped unexpectedly.")
            batch, stopped = None, True
        for path, outcome in batch or []:
            run.count(outcome)
            self._tell(path, outcome, run)
        if batch is None:
            run.batches.close()
            self._folder = None
            self._service.folder_finished.emit(FolderReading(run.read, run.failed, stopped))
            return
        self._service.folder_progress.emit(run.done, run.total, run.seconds_left())
        # Back to the event loop between batches: an opened scan goes first.
        QTimer.singleShot(0, self._next_batch)

    def _tell(self, path: Path, outcome: Outcome, run: _FolderRun) -> None:
        card = run.analyser.pack.card
        if isinstance(outcome, Analysis):
            self._record(outcome)
            prediction = outcome.prediction
            probabilities = dict(zip(card.classes, prediction.probabilities, strict=True))
            row = ResultRow(path, prediction.verdict, probabilities, card.id)
            self._service.folder_result.emit(row, prediction.verdict_index)
        else:
            self._service.folder_result.emit(ResultRow(path, "", {}, card.id, str(outcome)), -1)

    def _fail(self, number: int, path: Path, reason: str) -> None:
        if number == self._service.newest_scan:
            self._service.scan_failed.emit(path, reason)

    def _record(self, analysis: Analysis) -> None:
        if self._records is None:
            return
        try:
            self._records.add(analysis)
        except Exception as error:  # noqa: BLE001  (a verdict must not be lost for its record)
            self._records = None
            notify(Notification("warning", f"Readings are not recorded any more ({error})."))

    def release(self) -> None:
        """Let go of everything, on the analysis thread as it ends."""
        if self._folder is not None:
            self._folder.batches.close()
            self._folder = None
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None


class _FolderRun:
    """A folder being read: where it stands."""

    def __init__(self, number: int, analyser: Analyser, files: list[Path]) -> None:
        self.number = number
        self.analyser = analyser
        self.total = len(files)
        self.read = 0
        self.failed = 0
        self.batches: Any = analyser.classified_batches(files)
        self._start = time.monotonic()

    @property
    def done(self) -> int:
        return self.read + self.failed

    def count(self, outcome: Outcome) -> None:
        if isinstance(outcome, Analysis):
            self.read += 1
        else:
            self.failed += 1

    def seconds_left(self) -> float:
        if not self.done:
            return -1.0
        return (time.monotonic() - self._start) / self.done * (self.total - self.done)

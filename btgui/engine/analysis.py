"""The pipeline for one or many scans: read, preprocess, predict, explain."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from btgui.engine.classifier import predict
from btgui.engine.errors import BtguiError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.models.card import GradCamStage
from btgui.engine.models.pack import ModelPack
from btgui.engine.models.prototypes import read_detector
from btgui.engine.preprocessing import Preprocessed, map_to_scan, preprocess
from btgui.engine.results import Analysis, CamMethod, Explanation, Reading, StageMap
from btgui.engine.runtimes import Runtime
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.scan import Scan, ScanAddress, Window
from btgui.engine.scan_source import address_of, read_scan
from btgui.engine.studies.series_window import window_of_series

Outcome = Analysis | BtguiError
Place = Path | ScanAddress
PlaceT = TypeVar("PlaceT", bound=Path | ScanAddress)
_NO_WINDOWS: Mapping[ScanAddress, Window] = MappingProxyType({})
_READERS = 2
_BATCH_MILLISECONDS = 100.0


class BatchSize:
    """The number of scans in a batch, adapted to the network's speed.

    A batch is meant to take a tenth of a second: a scan that is opened while a folder is
    being read waits for one batch, and so does a request to stop. The size changes by at most
    a factor of two at a time, because the first batch includes compiling the network.
    """

    def __init__(self, first: int = 2, largest: int = 32) -> None:
        self.now = first
        self._largest = largest

    def fit(self, count: int, milliseconds: float) -> None:
        """Adapt the size, given how long a batch of ``count`` scans took."""
        if count:
            fitting = round(_BATCH_MILLISECONDS * count / max(milliseconds, 1e-3))
            allowed = min(max(fitting, self.now // 2), self.now * 2)
            self.now = max(1, min(allowed, self._largest))


class Analyser:
    """A model ready to read scans. Threads can share it; they take turns.

    Parameters
    ----------
    pack
        A verified model pack.
    runtime
        The runtime that executes the network; None: the fastest one available in this process.

    Raises
    ------
    ModelPackError
        The network does not match its card.
    """

    def __init__(self, pack: ModelPack, runtime: Runtime | None = None) -> None:
        self.pack = pack
        self._detector = read_detector(pack.folder, pack.card)
        self.runtime = create_runtime(pack) if runtime is None else runtime
        self._in_use = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[Runtime]:
        """Hold the runtime exclusively: only one thread may use it at a time."""
        with self._in_use:
            yield self.runtime

    def read(self, path: Path) -> Analysis:
        """Read a scan from a file and classify it.

        Raises
        ------
        ScanError
            The file cannot be read.
        """
        return self._predict([_prepare(path, self.pack)])[0]

    def classify(self, scan: Scan, milliseconds_to_read: float = 0.0) -> Analysis:
        """Classify a scan that has been read already."""
        return self._predict([_preprocess_scan(scan, self.pack, milliseconds_to_read)])[0]

    def explain(
        self, analysis: Analysis, target_index: int | None = None, method: CamMethod = "grad_cam"
    ) -> Analysis:
        """Return the analysis with heatmaps for one class (None: the verdict's class)."""
        target = analysis.prediction.verdict_index if target_index is None else target_index
        with _timed() as timer:
            with self.alone() as runtime:
                maps = runtime.stage_maps(analysis.preprocessed.network_input, target, method)
            stages = tuple(
                _stage_map(stage, feature_map, analysis)
                for stage, feature_map in zip(self.pack.card.stages, maps, strict=True)
            )
        return replace(
            analysis,
            explanation=Explanation(target, method, stages),
            milliseconds={**analysis.milliseconds, "explain": timer.milliseconds},
        )

    def target_index(self, target: str | None) -> int | None:
        """Return the index of the class with this name; None for None.

        Raises
        ------
        ValueError
            There is no such class.
        """
        if target is None:
            return None
        classes = self.pack.card.classes
        if target not in classes:
            raise ValueError(
                f"expected one of the classes {', '.join(classes)}, received {target!r}"
            )
        return classes.index(target)

    def classify_many(
        self,
        paths: Sequence[PlaceT],
        on_result: Callable[[PlaceT, Outcome], None],
        windows: Mapping[ScanAddress, Window] = _NO_WINDOWS,
    ) -> None:
        """Classify scans in order; decoding runs on threads and overlaps with batched inference.

        Parameters
        ----------
        on_result
            Called for each scan with its analysis, or with the error that explains why there
            is none.
        windows
            VOI windows of the series that scans belong to, for scans whose headers give none.
        """
        with closing(self.classified_batches(paths, windows=windows)) as batches:
            for path, outcome in chain.from_iterable(batches):
                on_result(path, outcome)

    def readings(
        self, paths: Sequence[PlaceT], *, as_series: bool = False
    ) -> Generator[list[tuple[PlaceT, Reading | BtguiError]], None, None]:
        """Classify scans in order; yield each batch's readings or errors, without the images.

        With ``as_series``, slices whose headers give no VOI window share one.
        """
        addresses: list[ScanAddress] = [
            place for place in paths if as_series and isinstance(place, ScanAddress)
        ]
        window = window_of_series(addresses)
        windows = {} if window is None else dict.fromkeys(addresses, window)
        for batch in self.classified_batches(paths, windows=windows):
            yield [
                (path, outcome.reading if isinstance(outcome, Analysis) else outcome)
                for path, outcome in batch
            ]

    def classified_batches(
        self,
        paths: Sequence[PlaceT],
        size: BatchSize | None = None,
        windows: Mapping[ScanAddress, Window] = _NO_WINDOWS,
    ) -> Generator[list[tuple[PlaceT, Outcome]], None, None]:
        """Classify scans in order; yield each batch's analyses, or errors for unreadable scans.

        The network works on one batch while the caller handles the previous one and reader
        threads prepare the next two. Without a ``size``, a new :class:`BatchSize` is used;
        ``windows`` is as in :meth:`classify_many`.
        """
        size = BatchSize() if size is None else size
        with ThreadPoolExecutor(1) as network:
            before: Future[list[tuple[PlaceT, Outcome]]] | None = None
            for prepared in self._prepared_batches(paths, size, windows):
                now = network.submit(self._predict_batch, prepared, size)
                if before is not None:
                    yield before.result()
                before = now
            if before is not None:
                yield before.result()

    def _prepared_batches(
        self, paths: Sequence[PlaceT], size: BatchSize, windows: Mapping[ScanAddress, Window]
    ) -> Iterator[list[tuple[PlaceT, Prepared | BtguiError]]]:
        """Read and preprocess scans on threads, at most two batches ahead, in order."""
        with ThreadPoolExecutor(_READERS) as pool:
            waiting: deque[tuple[PlaceT, Future[Prepared]]] = deque()
            remaining = iter(paths)
            try:
                while True:
                    for path in islice(remaining, max(0, 2 * size.now - len(waiting))):
                        window = windows.get(address_of(path))
                        waiting.append((path, pool.submit(_prepare, path, self.pack, window)))
                    if not waiting:
                        return
                    chunk = [waiting.popleft() for _ in range(min(size.now, len(waiting)))]
                    yield [(path, _outcome(future)) for path, future in chunk]
            finally:
                for _, future in waiting:
                    future.cancel()

    def _predict_batch(
        self, batch: list[tuple[PlaceT, Prepared | BtguiError]], size: BatchSize
    ) -> list[tuple[PlaceT, Outcome]]:
        prepared = [item for _, item in batch if isinstance(item, Prepared)]
        with _timed() as timer:
            read = iter(self._predict(prepared))
        size.fit(len(prepared), timer.milliseconds)
        return [(path, next(read) if isinstance(item, Prepared) else item) for path, item in batch]

    def _predict(self, prepared: list[Prepared]) -> list[Analysis]:
        if not prepared:
            return []
        with self.alone() as runtime, _timed() as timer:
            inputs = np.stack([one.preprocessed.network_input for one in prepared])
            predictions = predict(self.pack.card, runtime, inputs, self._detector)
        each = timer.milliseconds / len(prepared)
        card = self.pack.card
        return [
            Analysis(
                scan=one.scan,
                preprocessed=one.preprocessed,
                prediction=prediction,
                model_id=card.id,
                model_name=card.name,
                device=self.runtime.device,
                milliseconds={**one.milliseconds, "predict": each},
            )
            for one, prediction in zip(prepared, predictions, strict=True)
        ]


class Prepared(NamedTuple):
    """A scan that has been read and preprocessed, with the milliseconds taken by each step."""

    scan: Scan
    preprocessed: Preprocessed
    milliseconds: dict[str, float]


class _Timer:
    milliseconds = 0.0


@contextmanager
def _timed() -> Iterator[_Timer]:
    timer, start = _Timer(), time.perf_counter()
    yield timer
    timer.milliseconds = (time.perf_counter() - start) * 1000


def _prepare(path: Place, pack: ModelPack, window: Window | None = None) -> Prepared:
    with _timed() as timer:
        scan = read_scan(path, window)
    return _preprocess_scan(scan, pack, timer.milliseconds)


def _preprocess_scan(scan: Scan, pack: ModelPack, milliseconds_to_read: float) -> Prepared:
    with _timed() as timer:
        preprocessed = preprocess(scan.grey, pack.card.preprocessing)
    times = {"read": milliseconds_to_read, "preprocess": timer.milliseconds}
    return Prepared(scan, preprocessed, times)


def _stage_map(
    stage: GradCamStage, feature_map: NDArray[np.float32], analysis: Analysis
) -> StageMap:
    rows, columns = feature_map.shape
    grid = stage.grid or FeatureGrid.even((rows, columns))
    on_scan = map_to_scan(feature_map, grid, analysis.preprocessed.outline.box, analysis.scan.shape)
    return StageMap(stage.label, stage.layer, feature_map, grid, on_scan)


def _outcome(future: Future[Prepared]) -> Prepared | BtguiError:
    try:
        return future.result()
    except BtguiError as error:
        return error

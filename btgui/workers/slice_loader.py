"""Reading the slices of a series on a thread: the requested slice first, then those around it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QThreadPool, Signal, Slot

from btgui.engine.errors import Cancelled
from btgui.engine.scan import Scan, ScanAddress, Window
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.series_window import window_of_series
from btgui.engine.studies.slice_cache import SliceCache
from btgui.workers.reading import in_words
from btgui.workers.while_wanted import while_wanted

MAXIMUM_BYTES = 256_000_000
_AHEAD, _BEHIND = 24, 4


class SliceLoader(QObject):
    """Loads slices; while the user views one, the next ones are read ahead.

    Signals
    -------
    slice_ready(int, Scan)
        The slice requested last.
    slice_failed(int, str)
        The slice requested last cannot be read, and why.
    """

    slice_ready = Signal(int, object)
    slice_failed = Signal(int, str)
    _finished = Signal(int, int, object)

    def __init__(self, parent: QObject | None = None, maximum_bytes: int = MAXIMUM_BYTES) -> None:
        super().__init__(parent)
        self.cache = SliceCache(maximum_bytes)
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._lock = threading.Lock()
        self._addresses: tuple[ScanAddress, ...] = ()
        self._opened = 0  # counts the series opened, to recognise results of an earlier one
        self._window: tuple[int, Window | None] = (0, None)  # with the count of its series
        self._wanted = -1
        self._direction = 1
        self._tried: set[int] = set()  # since the last request, which reads no slice twice
        self._working = False
        self._finished.connect(self._deliver)

    def open(self, addresses: Sequence[ScanAddress]) -> None:
        """Load slices of this series from now on; none is read yet."""
        with self._lock:
            self._opened += 1
            self._addresses = tuple(addresses)
            self._wanted = -1
            self._tried.clear()
        self.cache.clear()

    def want(self, index: int) -> None:
        """Request this slice; an earlier request that is still pending is dropped."""
        with self._lock:
            self._direction = -1 if index < self._wanted else 1
            self._wanted = index
            self._tried.clear()
            known = self.cache.get(self._addresses[index])
            begins = not self._working
            self._working = True
        if known is not None:
            self.slice_ready.emit(index, known)
        if begins:
            self._pool.start(self._work)

    def close(self) -> None:
        """Stop, and wait until the thread has ended; an unresponsive drive is not waited for."""
        self.open(())
        self._pool.waitForDone()

    def _work(self) -> None:
        """Read slices until none is left to read; runs on the thread."""
        while (found := self._next()) is not None:
            opened, index, address = found
            result: Scan | str
            try:
                result = self._read(opened, address)
            except Cancelled:
                continue
            except Exception as error:  # noqa: BLE001  (reported to the user)
                result = in_words(error, f"{address} could not be read.")
            with self._lock:
                if opened != self._opened:
                    continue
                if isinstance(result, Scan):
                    self.cache.put(address, result)
                wanted = index == self._wanted
            if wanted:
                self._finished.emit(opened, index, result)

    def _read(self, opened: int, address: ScanAddress) -> Scan:
        def is_wanted() -> bool:
            return opened == self._opened

        def read() -> Scan:
            return read_scan(address, self._window_of(opened))

        return while_wanted(address.path, read, is_wanted)

    def _window_of(self, opened: int) -> Window | None:
        """Return the window that the slices of the open series share, if any."""
        of, window = self._window
        if of != opened:
            with self._lock:
                addresses = self._addresses if opened == self._opened else ()
            window = window_of_series(addresses, lambda: opened == self._opened)
            self._window = opened, window
        return window  # not self._window: a thread left behind may have changed it meanwhile

    def _next(self) -> tuple[int, int, ScanAddress] | None:
        with self._lock:
            for index in self._order():
                if index not in self._tried and self._addresses[index] not in self.cache:
                    self._tried.add(index)
                    return self._opened, index, self._addresses[index]
            self._working = False
            return None

    def _order(self) -> Iterator[int]:
        if self._wanted < 0:
            return
        steps = [*range(_AHEAD + 1), *range(-1, -_BEHIND - 1, -1)]
        for step in steps:
            index = self._wanted + step * self._direction
            if 0 <= index < len(self._addresses):
                yield index

    @Slot(int, int, object)
    def _deliver(self, opened: int, index: int, result: Scan | str) -> None:
        if opened != self._opened or index != self._wanted:
            return
        if isinstance(result, Scan):
            self.slice_ready.emit(index, result)
        else:
            self.slice_failed.emit(index, result)

"""Reading files with a time limit, for files whose reading would never end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

from btgui.engine.errors import Cancelled, ScanError

# Long enough for a slow network drive to deliver the largest file allowed.
MAXIMUM_SECONDS = 120.0
_ASKING_SECONDS = 0.1  # interval at which cancellation is polled
_ENDING_SECONDS = 1.0  # time for a cancelled reading to end by itself

T = TypeVar("T")


class TimedReading(Generic[T]):
    """A reading that runs on its own thread, started by the constructor.

    A hanging decoder cannot be ended from outside: it is abandoned on a daemon thread, which does
    not keep the program from exiting.
    """

    def __init__(self, path: Path, read: Callable[[], T], seconds: float = MAXIMUM_SECONDS) -> None:
        self._path, self._seconds = path, seconds
        self._end = time.monotonic() + seconds
        self._done: Future[T] = Future()

        def run() -> None:
            try:
                self._done.set_result(read())
            except BaseException as error:  # noqa: BLE001  (raised by result)
                self._done.set_exception(error)

        self._thread = threading.Thread(target=run, name="btgui-read", daemon=True)
        self._thread.start()

    def result(self, is_cancelled: Callable[[], bool] = lambda: False) -> T:
        """Return the result of reading, or raise its exception, as :func:`read_in_time` does."""
        while self._thread.is_alive() and time.monotonic() < self._end:
            self._thread.join(_ASKING_SECONDS)
            if self._thread.is_alive() and is_cancelled():
                self._thread.join(_ENDING_SECONDS)
                raise Cancelled("Reading was stopped.")
        if self._thread.is_alive():
            raise ScanError(
                f"Reading {self._path.name} was abandoned after {self._seconds:.0f} seconds. "
                f"Copy it to a local disk, or export it again."
            )
        return self._done.result()

    def join(self, seconds: float) -> None:
        """Wait at most the given time for the reading to end, with a result or an exception."""
        self._thread.join(seconds)


def let_end(readings: Iterable[TimedReading[Any]]) -> None:
    """Wait a moment for unwanted readings to end, because Windows cannot remove open files."""
    end = time.monotonic() + _ENDING_SECONDS
    for reading in readings:
        reading.join(max(0.0, end - time.monotonic()))


def read_in_time(
    path: Path,
    read: Callable[[], T],
    seconds: float = MAXIMUM_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> T:
    """Return the result of ``read``, or raise its exception; wait at most ``seconds``.

    Parameters
    ----------
    path
        The file being read; named in messages.
    is_cancelled
        Polled ten times a second, even while a drive does not respond.

    Raises
    ------
    ScanError
        Reading took too long.
    Cancelled
        ``is_cancelled`` returned True.
    """
    return TimedReading(path, read, seconds).result(is_cancelled)

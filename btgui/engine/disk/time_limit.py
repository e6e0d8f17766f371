"""Files that would never be read to their end: given up on after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

from btgui.engine.errors import Cancelled, ScanError

# A slow network drive brings the largest file that is read within it.
MAXIMUM_SECONDS = 120.0
_ASKING_SECONDS = 0.1  # between two questions whether the result is still wanted
_ENDING_SECONDS = 1.0  # that reading has to notice that it is not

T = TypeVar("T")


class TimedReading(Generic[T]):
    """Something that is read on a thread of its own, from now on.

    A decoder that hangs cannot be ended from outside: it is left behind on a thread that
    does not keep the program from ending.
    """

    def __init__(self, path: Path, read: Callable[[], T], seconds: float = MAXIMUM_SECONDS) -> None:
        self._path, self._seconds = path, seconds
        self._end = time.monotonic() + seconds
        self._done: Future[T] = Future()

        def run() -> None:
            try:
                self._done.set_result(read())
            except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
                self._done.set_exception(error)

        self._thread = threading.Thread(target=run, name="btgui-read", daemon=True)
        self._thread.start()

    def result(self, is_cancelled: Callable[[], bool] = lambda: False) -> T:
        """Return what was read, or raise what reading raised; as :func:`read_in_time`."""
        while self._thread.is_alive() and time.monotonic() < self._end:
            self._thread.join(_ASKING_SECONDS)
            if self._thread.is_alive() and is_cancelled():
                self._thread.join(_ENDING_SECONDS)
                raise Cancelled("Reading was stopped.")
        if self._thread.is_alive():
            raise ScanError(
                f"{self._path.name} was given up on after {self._seconds:.0f} seconds of reading. "
                f"Copy it to this computer's own disk, or export it again."
            )
        return self._done.result()

    def join(self, seconds: float) -> None:
        """Wait so long at most for it to end, however it does."""
        self._thread.join(seconds)


def let_end(readings: Iterable[TimedReading[Any]]) -> None:
    """Wait a moment for what is not wanted any more: Windows removes no file that is open."""
    end = time.monotonic() + _ENDING_SECONDS
    for reading in readings:
        reading.join(max(0.0, end - time.monotonic()))


def read_in_time(
    path: Path,
    read: Callable[[], T],
    seconds: float = MAXIMUM_SECONDS,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> T:
    """Return what ``read`` returns, or raise what it raises; wait no longer than a while.

    Parameters
    ----------
    is_cancelled
        Asked ten times a second, even while a drive does not answer.

    Raises
    ------
    ScanError
        It took too long.
    Cancelled
        ``is_cancelled`` said so.
    """
    return TimedReading(path, read, seconds).result(is_cancelled)

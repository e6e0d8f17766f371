"""Files that would never be read to their end: given up on after a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from btgui.engine.errors import Cancelled, ScanError

# A slow network drive brings the largest file that is read within it.
MAXIMUM_SECONDS = 120.0
_ASKING_SECONDS = 0.1  # between two questions whether the result is still wanted
_ENDING_SECONDS = 1.0  # that reading has to notice that it is not

T = TypeVar("T")


def read_in_time(
    path: Path,
    read: Callable[[], T],
    seconds: float = MAXIMUM_SECONDS,
    is_cancelled: Callable[[], bool] | None = None,
) -> T:
    """Return what ``read`` returns, or raise what it raises; wait no longer than a while.

    A decoder that hangs cannot be ended from outside: it is left behind on a thread that
    does not keep the program from ending.

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
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(read())
        except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
            done.set_exception(error)

    thread = threading.Thread(target=run, name="btgui-read", daemon=True)
    thread.start()
    if is_cancelled is None:
        thread.join(seconds)
    else:
        _wait(thread, seconds, is_cancelled)
    if thread.is_alive():
        raise ScanError(
            f"{path.name} was given up on after {seconds:.0f} seconds of reading. Copy it to this "
            f"computer's own disk, or export it again."
        )
    return done.result()


def _wait(thread: threading.Thread, seconds: float, is_cancelled: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < end:
        thread.join(_ASKING_SECONDS)
        if thread.is_alive() and is_cancelled():
            thread.join(_ENDING_SECONDS)
            raise Cancelled("Reading was stopped.")

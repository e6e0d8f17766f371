"""Files that would never be read to their end: given up on after a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from btgui.engine.errors import ScanError

# A slow network drive brings the largest file that is read within it.
MAXIMUM_SECONDS = 120.0

T = TypeVar("T")


def read_in_time(path: Path, read: Callable[[], T], seconds: float = MAXIMUM_SECONDS) -> T:
    """Return what ``read`` returns, or raise what it raises; wait no longer than a while.

    A decoder that hangs cannot be ended from outside: it is left behind on a thread that
    does not keep the program from ending.

    Raises
    ------
    ScanError
        It took too long.
    """
    reading = _Reading(read)
    thread = threading.Thread(target=reading.run, name="btgui-read", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise ScanError(
            f"{path.name} was given up on after {seconds:.0f} seconds of reading. Copy it to this "
            f"computer's own disk, or export it again."
        )
    return reading.result()


class _Reading(Generic[T]):
    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._found: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._found.append(self._read())
        except BaseException as error:  # noqa: BLE001  (raised where it is waited for)
            self._error = error

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._found[0]

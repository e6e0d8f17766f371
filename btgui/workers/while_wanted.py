"""Reading that is abandoned as soon as its result is no longer wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from btgui.engine.disk.time_limit import read_in_time

T = TypeVar("T")


def while_wanted(path: Path, read: Callable[[], T], is_wanted: Callable[[], bool]) -> T:
    """Return what ``read`` returns, or raise what it raises, while its result is wanted.

    Reading from an unresponsive drive cannot be interrupted and gives up only after minutes. A
    user who closes the window, or opens another scan, does not wait that long: little more than
    a second after the result is no longer wanted, the calling thread is free, and the thread
    that reads is left behind. ``read`` sets its own time limit.

    Raises
    ------
    Cancelled
        The result is no longer wanted.
    """
    return read_in_time(path, read, math.inf, is_cancelled=lambda: not is_wanted())

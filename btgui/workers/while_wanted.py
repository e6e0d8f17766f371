"""Reading on a thread that the window may have to wait for: given up when it is not wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from btgui.engine.disk.time_limit import read_in_time

T = TypeVar("T")


def while_wanted(path: Path, read: Callable[[], T], is_wanted: Callable[[], bool]) -> T:
    """Return what ``read`` returns, or raise what it raises, while its result is wanted.

    A drive that does not answer cannot be hurried, and reading gives up on it after minutes
    only. Who closes a window, or opens another scan, does not wait so long: within little more
    than a second the calling thread is free, and what reads is left behind. How long reading
    may take is for ``read`` to say.

    Raises
    ------
    Cancelled
        The result is not wanted any more.
    """
    return read_in_time(path, read, math.inf, is_cancelled=lambda: not is_wanted())

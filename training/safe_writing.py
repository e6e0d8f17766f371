"""Writing a file that a kill or a power loss leaves as it was before, or whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from btgui.engine.disk.files import force_names, put_in_place

UNFINISHED = ".new"


@contextmanager
def written_whole(file: Path) -> Iterator[IO[bytes]]:
    """Yield a stream to a file beside ``file``, which takes its place once it is on the disk.

    The name stays a fixed one: what a kill leaves behind is written over the next time.

    Raises
    ------
    OSError
        The disk is full or refuses; ``file`` is as it was.
    """
    beside = file.with_name(file.name + UNFINISHED)
    try:
        with beside.open("wb") as stream:
            yield stream
            # Have the system write the content now: after a power loss a name is not enough.
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(beside, file)
        force_names(file.parent)
    finally:
        beside.unlink(missing_ok=True)

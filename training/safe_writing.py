"""Atomic writing of files: after a kill or power loss, a file is complete or unchanged."""

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
    """Yield a stream to a temporary file that replaces ``file`` once it has reached the disk.

    The temporary name is fixed, so that a file left behind by a kill is overwritten the next time.

    Raises
    ------
    OSError
        The disk is full or cannot be written; ``file`` is unchanged.
    """
    beside = file.with_name(file.name + UNFINISHED)
    try:
        with beside.open("wb") as stream:
            yield stream
            # Flush the content to the disk before renaming, in case of a power loss.
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(beside, file)
        force_names(file.parent)
    finally:
        beside.unlink(missing_ok=True)

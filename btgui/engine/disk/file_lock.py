"""A file lock that the system releases when its holder ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# is_held takes the lock for a moment, which must not count as being held.
_PATIENCE_SECONDS, _PAUSE_SECONDS = 0.5, 0.05
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}

if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


class LockHeldError(Exception):
    """Another process, or another part of this one, holds the lock."""


@contextmanager
def holding(file: Path) -> Iterator[None]:
    """Hold a lock on a file; a missing file is created and stays afterwards.

    On a file system without locks (some network drives), every caller succeeds.

    Raises
    ------
    LockHeldError
        The lock is held already.
    OSError
        The file cannot be written.
    """
    number = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock_patiently(number, file)
        yield
    finally:
        os.close(number)  # releases the lock


def is_held(file: Path) -> bool:
    """Whether the lock on a file is held at this moment; False where the file is missing."""
    try:
        number = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        _lock(number)
    except OSError as error:
        return error.errno in _HELD
    finally:
        os.close(number)
    return False


def _lock_patiently(number: int, file: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            _lock(number)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            if error.errno not in _HELD:
                raise
            if time.monotonic() >= end:
                raise LockHeldError(f"{file} is held by another process") from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return

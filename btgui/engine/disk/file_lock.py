"""A lock that the system takes back when its holder ends, in whatever way it ended."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Whoever only looks holds the lock for a moment: that is no other holder.
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
    """Hold a lock on a file, which is created where it is missing and stays.

    A file system that knows no locks (some network drives) lets everyone pass.

    Raises
    ------
    LockHeldError
        It is held already.
    OSError
        The file cannot be written.
    """
    number = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock_patiently(number, file)
        yield
    finally:
        os.close(number)  # which gives the lock back


def is_held(file: Path) -> bool:
    """Whether someone holds the lock on a file at this moment; no one does where it is missing."""
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

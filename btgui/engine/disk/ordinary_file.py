"""Pipes, devices and sockets told from files: opening one may wait for ever. And files not opened."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from btgui.engine.errors import ScanError


def is_special(path: Path) -> bool:
    """Whether a path leads to something that is neither a file nor a folder.

    False where nothing is there or it cannot be looked at: opening it says why.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  (Path's raises where the name is impossible)
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def check_ordinary(path: Path) -> None:
    """Refuse what :func:`is_special` tells.

    Raises
    ------
    ScanError
        It is a pipe, a device or a socket.
    """
    if is_special(path):
        raise ScanError(f"{path.name} is not an ordinary file. Open the scan's own file.")


def not_opened(path: Path, error: Exception) -> ScanError:
    """Return in words that a file cannot be opened or read, and why."""
    if isinstance(error, FileNotFoundError):
        return ScanError(f"{path.name} was not found. It may have been moved or renamed.")
    # Without the system's words an OSError is a library's, over bytes that make no sense.
    if not isinstance(error, OSError) or not error.strerror:
        return ScanError(f"{path.name} is damaged or incomplete. Copy or export it again.")
    return ScanError(
        f"{path.name} cannot be opened ({error.strerror.lower()}). Check that you may read it."
    )

"""Refusing pipes, devices and sockets, which may block for ever, and reporting unreadable files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from btgui.engine.errors import ScanError


def is_special(path: Path) -> bool:
    """Whether a path is that of a pipe, device or socket, neither a regular file nor a folder.

    False where nothing exists or the path is inaccessible; opening it reports the reason.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  (Path's raises where the name is invalid)
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def check_ordinary(path: Path) -> None:
    """Refuse a path for which :func:`is_special` is true.

    Raises
    ------
    ScanError
        The path is that of a pipe, a device or a socket.
    """
    if is_special(path):
        raise ScanError(f"{path.name} is not a regular file. Open the scan file itself.")


def not_opened(path: Path, error: Exception) -> ScanError:
    """Return the error of a file that cannot be opened or read, with the reason and advice."""
    if isinstance(error, FileNotFoundError):
        return ScanError(f"{path.name} was not found. It may have been moved or renamed.")
    # An OSError without the system's message was raised by a library for invalid data.
    if not isinstance(error, OSError) or not error.strerror:
        return ScanError(f"{path.name} is damaged or incomplete. Copy or export it again.")
    return ScanError(
        f"{path.name} cannot be opened ({error.strerror.lower()}). Check that you have permission "
        f"to read it."
    )

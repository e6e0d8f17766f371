"""Listing folders recursively, and reporting those that cannot be read."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

# Folders at the top of every drive that Windows has written to; the first is the recycle bin.
_OF_WINDOWS = {"$recycle.bin", "system volume information"}


def files_within(
    folder: Path, on_refused: Callable[[Path], None], go_on: Callable[[], None]
) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders in natural order.

    Hidden files and folders (:func:`is_hidden`) are skipped. Links to folders are not followed, to
    prevent loops.

    Parameters
    ----------
    on_refused
        Called with each folder that cannot be listed, which must not be mistaken for an empty one.
    go_on
        Called before each folder and file; may raise to stop.
    """
    walk = os.walk(folder, onerror=lambda error: on_refused(Path(error.filename)))
    for place, folders, files in walk:
        go_on()
        folders[:] = sorted((n for n in folders if not is_hidden(n)), key=natural_key)
        for name in sorted((n for n in files if not is_hidden(n)), key=natural_key):
            go_on()
            yield Path(place) / name


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is hidden: it starts with a dot or belongs to Windows."""
    return name.startswith(".") or name.casefold() in _OF_WINDOWS


def folder_name(folder: PurePath) -> str:
    r"""Return a folder's name; for the top of a drive, which has none, that of the drive or share.

    "E:" for ``E:\``, "scans" for ``\\server\scans\``, and "/" for ``/``.
    """
    return folder.name or folder.drive.rpartition("\\")[2] or str(folder)


def why_not_listed(folder: Path) -> str:
    """Return the reason why a folder cannot be listed, in words; "" where it can."""
    try:
        with os.scandir(folder):
            return ""
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        return (
            f"The folder {folder_name(folder)} cannot be listed ({reason}). Check that you have permission "
            f"to read it."
        )


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return a sort key under which "scan 2" comes before "scan 10"."""
    parts = re.split(r"(\d+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]

"""Writing files so that nothing half-written is ever left under the final name."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from btgui.engine.errors import ExportError

# With what is added to it still a file's name, which has 255 bytes; Windows counts the folders, too.
_MOST_LETTERS, _MOST_BYTES = 100, 200
# Windows renames nothing that a virus scanner, say, looks into at this moment.
_PATIENCE_SECONDS, _PAUSE_SECONDS = 2.0 if os.name == "nt" else 0.0, 0.05
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``file``; on success it takes the file's place.

    Raises
    ------
    OSError
        The folder cannot be written; ``file`` is as it was.
    """
    # Not mkstemp: its files are for their owner only, and a saved result is to be shared.
    # Nor after the file's own name, which may be as long as names can be.
    temporary = file.with_name(f".{secrets.token_hex(8)}{file.suffix}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        put_in_place(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def put_in_place(made: Path, place: Path) -> None:
    """Give a file its final name, where it replaces another, or a folder that is free.

    Raises
    ------
    OSError
        The disk refuses, or another program uses either for longer than a moment.
    """
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            made.replace(place)
        except PermissionError:
            if time.monotonic() >= end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


@contextmanager
def fresh_folder(place: Path) -> Iterator[Path]:
    """Yield ``place`` as an empty folder; at the end it is removed, unless it was moved away.

    The name is the caller's, a fixed one: what a kill leaves behind is removed the next time.

    Raises
    ------
    OSError
        It cannot be written.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def not_written(file: Path, error: OSError) -> ExportError:
    """Return in words that a result cannot be saved under a name, and why."""
    if error.errno == errno.ENAMETOOLONG:
        advice = "Choose a shorter name."
    elif is_about_room(error):
        advice = "Make room there, or choose another folder."
    elif isinstance(error, PermissionError) and os.path.exists(file):  # noqa: PTH110  (as below)
        # Windows replaces no file that a program holds open.
        advice = "Close it where it is open, or choose another folder."
    else:
        advice = "Choose another folder."
    return ExportError(f"{file.name} cannot be written ({error.strerror}). {advice}")


def is_about_room(error: Exception) -> bool:
    """Whether it says that the disk, or the user's share of it, is full."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def force_to_disk(file: Path) -> None:
    """Have the system write a file's content now: after a power loss a name is not enough.

    Raises
    ------
    OSError
        The disk is full or refuses.
    """
    with file.open("rb+") as stream:  # Windows forces only what may be written
        os.fsync(stream.fileno())


def force_names(folder: Path) -> None:
    """Have the system write which files a folder holds; Windows does so by itself.

    Raises
    ------
    OSError
        The disk refuses.
    """
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def file_name_of(text: str) -> str:
    """Return a text as a name that every system takes for a file."""
    plain = "".join(letter if letter.isalnum() or letter in " -_.,()" else "_" for letter in text)
    return plain[:_MOST_LETTERS].encode()[:_MOST_BYTES].decode(errors="ignore").strip()


def free_name(file: Path) -> Path:
    """Return ``file``, or the same with " (2)", " (3)" … where that name is taken."""
    candidate, number = file, 2
    while os.path.exists(candidate):  # noqa: PTH110  (Path's raises where the name is too long)
        candidate = file.with_name(f"{file.stem} ({number}){file.suffix}")
        number += 1
    return candidate


def sha256_of(file: Path) -> str:
    """Return the hexadecimal SHA-256 digest of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Writing files atomically: no partial file ever appears under the final name."""

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

# A file name may have 255 bytes; this leaves room for additions, and on Windows for the folders.
_MOST_LETTERS, _MOST_BYTES = 100, 200
# Windows cannot rename a file while another program, such as a virus scanner, has it open.
_PATIENCE_SECONDS, _PAUSE_SECONDS = 2.0 if os.name == "nt" else 0.0, 0.05
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``file``, which replaces ``file`` on success.

    Raises
    ------
    OSError
        The folder cannot be written; ``file`` is unchanged.
    """
    # Not mkstemp, whose files only their owner can read, while saved results are shared.
    # Not named after the file either, whose name may have the maximum length already.
    temporary = file.with_name(f".{secrets.token_hex(8)}{file.suffix}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        put_in_place(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)


def put_in_place(made: Path, place: Path) -> None:
    """Move a file to its final path, replacing any file there, or a folder to a path that is free.

    Raises
    ------
    OSError
        The move fails, or another program holds one of the two open for longer than a moment.
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
    """Yield ``place`` as an empty folder, which is removed at the end unless it has been moved.

    Callers use a fixed name, so that the next call removes what a killed process left behind.

    Raises
    ------
    OSError
        The folder cannot be created.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def not_written(file: Path, error: OSError) -> ExportError:
    """Return the error of a result that cannot be written, with the reason and advice."""
    if error.errno == errno.ENAMETOOLONG:
        advice = "Choose a shorter name."
    elif is_about_room(error):
        advice = "Free some space there, or choose another folder."
    elif isinstance(error, PermissionError) and os.path.exists(file):  # noqa: PTH110  (as below)
        # Windows cannot replace a file that a program holds open.
        advice = "Close it in other programs, or choose another folder."
    else:
        advice = "Choose another folder."
    return ExportError(f"{file.name} cannot be written ({error.strerror}). {advice}")


def is_about_room(error: Exception) -> bool:
    """Whether the error means that the disk or the user's quota is full."""
    return isinstance(error, OSError) and error.errno in _NO_ROOM


def force_to_disk(file: Path) -> None:
    """Force a file's content to the disk, so that a power loss cannot leave it empty.

    Raises
    ------
    OSError
        The disk is full or the write fails.
    """
    with file.open("rb+") as stream:  # Windows flushes only files that are open for writing
        os.fsync(stream.fileno())


def force_names(folder: Path) -> None:
    """Force a folder's list of files to the disk; Windows does so by itself.

    Raises
    ------
    OSError
        The write fails.
    """
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def file_name_of(text: str) -> str:
    """Return a text as a file name that is valid on every system."""
    plain = "".join(letter if letter.isalnum() or letter in " -_.,()" else "_" for letter in text)
    return plain[:_MOST_LETTERS].encode()[:_MOST_BYTES].decode(errors="ignore").strip()


def free_name(file: Path) -> Path:
    """Return ``file``, with " (2)", " (3)" … appended to the stem where that name is taken."""
    candidate, number = file, 2
    while os.path.exists(candidate):  # noqa: PTH110  (Path's raises where the name is too long)
        candidate = file.with_name(f"{file.stem} ({number}){file.suffix}")
        number += 1
    return candidate


def sha256_of(file: Path) -> str:
    """Return the hexadecimal SHA-256 digest of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

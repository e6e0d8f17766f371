"""Preprocessed scans in one growing file, indexed by the content that they were made from.

Rows are appended and never changed. A row is valid only once it is in the index, which is written
after the pixels have reached the disk: a kill or power cut loses at most the batch of rows being
written, and a partial row is never read.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import TrainingError

_WAIT_SECONDS = 600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, row INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS files
    (path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL);
"""


@dataclass(frozen=True)
class FileFacts:
    """Path, size and time of a file; while these are unchanged, so is its content."""

    path: str
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, file: Path) -> FileFacts:
        """Return the facts of a file.

        Raises
        ------
        OSError
            The file does not exist.
        """
        facts = file.stat()
        # SQLite cannot store undecodable bytes of a file name as text.
        path = str(file.resolve()).encode(errors="backslashreplace").decode()
        return cls(path, facts.st_size, facts.st_mtime_ns)


@dataclass(frozen=True, eq=False)
class NewRow:
    """A preprocessed scan to be stored: (side, side) uint8 pixels, and its mask if it has one."""

    key: str
    grey: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None


class ScanStore:
    """Rows of (side, side) grey pixels and masks in a folder; several runs may share it.

    Raises
    ------
    TrainingError
        The folder cannot be written, or the disk is full.
    """

    def __init__(self, folder: Path, side: int) -> None:
        self.folder, self.side = folder, side
        self._row_bytes = side * side
        self._grey, self._masks = folder / "grey.bin", folder / "masks.bin"
        with self._disk_errors_explained():
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._open()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                # The index is damaged: its rows are made again.
                self._index.unlink()
                self._open()

    def rows(self) -> dict[str, int]:
        """Return the row of every key."""
        with self._disk_errors_explained(), self._connected() as index:
            return dict(index.execute("SELECT key, row FROM rows"))

    def digests(self) -> dict[FileFacts, str]:
        """Return the SHA-256 of every file read so far, by its facts at that time."""
        with self._disk_errors_explained(), self._connected() as index:
            found = index.execute("SELECT path, size, mtime_ns, sha256 FROM files")
            return {FileFacts(path, size, mtime): digest for path, size, mtime, digest in found}

    def add(self, rows: list[NewRow], seen: dict[FileFacts, str]) -> dict[str, int]:
        """Store rows, and the digests of the files that they were made from.

        Returns
        -------
        The row of each key, possibly one that another run has stored before.

        Raises
        ------
        TrainingError
            The disk is full; rows stored before are kept.
        """
        with self._disk_errors_explained(), self._connected() as index:
            # Lock before the next free row is read, as another run may be adding rows too.
            index.execute("BEGIN IMMEDIATE")
            wanted = {row.key: row for row in rows}
            # Query key by key: reading all rows would take longer as the data set grows.
            found = (
                index.execute("SELECT key, row FROM rows WHERE key = ?", (key,)).fetchone()
                for key in wanted
            )
            places: dict[str, int] = dict(filter(None, found))
            (free,) = index.execute("SELECT COALESCE(MAX(row) + 1, 0) FROM rows").fetchone()
            fresh = [key for key in wanted if key not in places]
            self._write(free, [wanted[key] for key in fresh])
            added = {key: place for place, key in enumerate(fresh, free)}
            index.executemany("INSERT INTO rows VALUES (?, ?)", added.items())
            index.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
                [(facts.path, facts.size, facts.mtime_ns, sha) for facts, sha in seen.items()],
            )
            index.execute("COMMIT")
        return places | added

    def mapped(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return all rows' pixels and masks, each (rows, side, side) uint8, memory-mapped."""
        count = self._written()
        if not count:
            empty = np.empty((0, self.side, self.side), np.uint8)
            return empty, empty
        shape = (count, self.side, self.side)
        grey = np.memmap(self._grey, np.uint8, "r", shape=shape)
        return grey, np.memmap(self._masks, np.uint8, "r", shape=shape)

    @property
    def _index(self) -> Path:
        return self.folder / "index.sqlite"

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._index, timeout=_WAIT_SECONDS, isolation_level=None)
        with closing(connection):
            # The index must reach the disk in order, even with a power cut.
            connection.execute("PRAGMA synchronous = FULL")
            yield connection

    def _open(self) -> None:
        for file in (self._grey, self._masks):
            if not file.exists():
                file.touch()
        with self._connected() as index:
            index.executescript(_SCHEMA)
            # Wait for another process that is adding rows before measuring the files.
            index.execute("BEGIN IMMEDIATE")
            # Drop rows beyond the end of files that were truncated from outside.
            index.execute("DELETE FROM rows WHERE row >= ?", (self._written(),))
            index.execute("COMMIT")

    def _written(self) -> int:
        sizes = (file.stat().st_size for file in (self._grey, self._masks))
        return min(sizes) // self._row_bytes

    def _write(self, first: int, rows: list[NewRow]) -> None:
        end = (first + len(rows)) * self._row_bytes
        with self._grey.open("r+b") as grey, self._masks.open("r+b") as masks:
            written = masks.seek(0, os.SEEK_END)
            for place, row in enumerate(rows, first):
                start = place * self._row_bytes
                grey.seek(start)
                grey.write(np.ascontiguousarray(row.grey).tobytes())
                if row.mask is None and start >= written:
                    continue  # leave a hole in the file: zeros that take no space
                # Overwrite what a killed run may have left here.
                masks.seek(start)
                mask = np.zeros_like(row.grey) if row.mask is None else row.mask
                masks.write(np.ascontiguousarray(mask).tobytes())
            for stream in (grey, masks):
                stream.truncate(max(end, stream.seek(0, os.SEEK_END)))
                stream.flush()
                os.fsync(stream.fileno())

    @contextmanager
    def _disk_errors_explained(self) -> Iterator[None]:
        """Turn errors of the disk within the block into a TrainingError for the user."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            if isinstance(error, FileNotFoundError) or not _is_about_room(error):
                raise TrainingError(
                    f"The cache of preprocessed scans in {self.folder} cannot be used ({error}). "
                    f"Check that you have write permission there, or delete the folder."
                ) from error
            raise TrainingError(
                f"There is no space left for the cache of preprocessed scans in {self.folder}. Free "
                f"some space, or choose another folder for the run; nothing of the run is lost."
            ) from error


def _is_about_room(error: OSError | sqlite3.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return "full" in str(error)

"""The record of readings: verdicts by scan and model, in a small SQLite file of the user's.

The record holds the digest of each scan's content, but no images, paths or patient data.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from btgui.engine.errors import BtguiError
from btgui.engine.results import Reading

_VERSION = 4
_SCHEMA = """
CREATE TABLE IF NOT EXISTS reading (
    sha256 TEXT NOT NULL,
    model_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    class_index INTEGER NOT NULL,
    probability REAL NOT NULL,
    read_at TEXT NOT NULL,
    greys TEXT,
    window_centre REAL,
    window_width REAL,
    doubt TEXT,
    novelty REAL,
    PRIMARY KEY (sha256, model_id)
)
"""
# Columns added after each version: the window of the network's input, the reason for doubting the
# verdict, and the novelty. They are empty in older records.
_ADDED = {
    1: ("greys TEXT", "window_centre REAL", "window_width REAL"),
    2: ("doubt TEXT",),
    3: ("novelty REAL",),
}

# Errors whose cause lies around the file (disk, permissions, locks): the file itself may be intact.
_AROUND_IT = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_BUSY,
}


@dataclass(frozen=True)
class RecordedVerdict:
    """A verdict as it was recorded: display name, class index and probability (0 to 1).

    ``doubt`` states why the verdict was doubtful; "" for most, and in records of older versions.
    """

    verdict: str
    class_index: int
    probability: float
    doubt: str


class RecordStore:
    """Verdicts by a scan's content and model. Thread-safe.

    Raises
    ------
    BtguiError
        The file is damaged, written by a newer version, or cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self._name = file.name
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(file, check_same_thread=False)
            version = self._database.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                self._database.close()
                raise BtguiError(
                    f"The record of readings was written by a newer version of the application "
                    f"(format {version}; this one supports up to {_VERSION}). Update the application."
                )
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")  # all of the migration or none of it
                version = self._database.execute("PRAGMA user_version").fetchone()[0]
                for lacking in range(version, _VERSION) if version else ():  # 0: a new file
                    for column in _ADDED[lacking]:
                        self._database.execute(f"ALTER TABLE reading ADD COLUMN {column}")
                self._database.execute(_SCHEMA)
                self._database.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.Error as error:
            raise self._failed("used", error) from error

    def add(self, reading: Reading) -> None:
        """Record a reading's verdict; it replaces an earlier one by the same model.

        Raises
        ------
        BtguiError
            The file cannot be written.
        """
        prediction = reading.prediction
        index = prediction.verdict_index
        greys = reading.greys
        window = None if greys is None else greys.window
        row = (
            reading.sha256,
            reading.model_id,
            prediction.display_names[index],
            index,
            prediction.probabilities[index],
            datetime.now(UTC).isoformat(timespec="seconds"),
            None if greys is None else greys.source,
            None if window is None else window.centre,
            None if window is None else window.width,
            reading.doubt,
            prediction.novelty,
        )
        try:
            with self._lock, self._database:
                self._database.execute(
                    "INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row
                )
        except sqlite3.Error as error:
            raise self._failed("written", error) from error

    def verdict_for(
        self, sha256: str, model_id: str, *, with_novelty: bool = False
    ) -> RecordedVerdict | None:
        """Return this model's recorded verdict on this content, or None.

        With ``with_novelty``, a verdict counts only if its novelty was measured: the model had no
        prototypes yet when it gave the others, whose scans may be unlike its training scans.

        Raises
        ------
        BtguiError
            The file cannot be read.
        """
        query = (
            "SELECT verdict, class_index, probability, IFNULL(doubt, '') FROM reading "
            "WHERE sha256 = ? AND model_id = ? AND (novelty IS NOT NULL OR NOT ?)"
        )
        asked = sha256, model_id, with_novelty
        try:
            with self._lock, closing(self._database.execute(query, asked)) as rows:
                row = rows.fetchone()
        except sqlite3.Error as error:
            raise self._failed("read", error) from error
        return RecordedVerdict(*row) if row else None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def _failed(self, done: str, error: sqlite3.Error) -> BtguiError:
        return BtguiError(
            f"The record of readings {self._name} cannot be {done} ({error}). {_way_out(error)}"
        )


def _way_out(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _AROUND_IT:
        return (
            "To record readings again, check that there is free disk space and that the file is "
            "writable, and restart btgui."
        )
    return "Move it elsewhere and restart btgui to begin a new one."

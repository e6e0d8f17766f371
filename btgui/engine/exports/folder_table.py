"""A folder's results as a CSV table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.exports.csv_file import writing_table


@dataclass(frozen=True)
class ResultRow:
    """One scan's result: probabilities by class name, or the error that says why there is none.

    ``frame`` counts a file's pictures from 1; None where the file holds one. ``source`` is the
    archive, and the place within it, that ``path`` was unpacked from for a while; None of others.
    ``remark`` says why not to trust the verdict, "" for most.
    """

    path: Path
    verdict: str
    probabilities: dict[str, float]
    model: str
    error: str = ""
    frame: int | None = None
    source: Path | None = None
    remark: str = ""

    @property
    def place(self) -> Path:
        """Where the user has the file."""
        return self.source or self.path


def write_results_csv(file: Path, rows: Iterable[ResultRow], classes: Sequence[str]) -> None:
    """Write a table: path, frame, verdict, one probability a class (0 to 1), model, error, remark.

    A path through a ZIP file names it and the place within: ``scans.zip/one.png``.
    Replaces ``file``; the caller has asked.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    with writing_table(file) as writer:
        probabilities = [f"probability {name}" for name in classes]
        writer.writerow(["path", "frame", "verdict", *probabilities, "model", "error", "remark"])
        for row in rows:
            numbers = [
                f"{row.probabilities[name]:.4f}" if row.probabilities else "" for name in classes
            ]
            frame = str(row.frame or "")
            cells = [str(row.place), frame, row.verdict, *numbers, row.model, row.error, row.remark]
            writer.writerow(cells)

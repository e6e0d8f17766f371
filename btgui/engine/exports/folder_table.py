"""Writing the results of a folder as a CSV table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.exports.csv_file import writing_table


@dataclass(frozen=True)
class ResultRow:
    """One scan's result: its probabilities by class name, or the error that prevented them.

    ``frame`` is the image's number within the file from 1; None if the file holds only one.
    ``source`` is the archive's path and the path within it if ``path`` was unpacked temporarily,
    else None. ``remark`` is a reason to doubt the verdict, usually "".
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
        """The path by which the user knows the file."""
        return self.source or self.path


def write_results_csv(file: Path, rows: Iterable[ResultRow], classes: Sequence[str]) -> None:
    """Write a table: path, frame, verdict, a probability per class (0 to 1), model, error, remark.

    The path of a file in a ZIP archive includes the archive: ``scans.zip/one.png``.
    Replaces ``file`` without asking: the caller has asked.

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

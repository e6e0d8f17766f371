"""Data sets given as a table: a CSV with one row per scan."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.counting import some_of
from btgui.engine.errors import DatasetError
from btgui.engine.one_line import one_line

TABLE_SUFFIX = ".csv"
_NEEDED = ("path", "label")
# Names of the parts of a split in folders and tables.
PARTS = {
    "training": "train",
    "train": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "testing": "test",
    "test": "test",
}
_SHOWN = 10
_LONGEST_CELL = 200  # characters of a cell shown in a message
_SAMPLE_CHARACTERS = 4096


@dataclass(frozen=True)
class TableRow:
    """One row: the scan's file, its label, and further values, "" where the table has none."""

    path: Path
    label: str
    patient: str
    split: str
    source: str


def is_table(place: Path) -> bool:
    """Whether ``place`` is a table rather than a folder of scans."""
    if place.suffix.casefold() != TABLE_SUFFIX:
        return False
    return os.path.isfile(place)  # noqa: PTH113  (Path's raises where permission is denied)


def tidy_label(label: str) -> str:
    """Return a label with each class once, without surrounding spaces: "glioma | glioma" is "glioma".

    The text is normalised, because macOS writes "é" as two characters and other systems as one.
    """
    whole = unicodedata.normalize("NFC", label)
    return "|".join(dict.fromkeys(name.strip() for name in whole.split("|")))


def read_table(file: Path, go_on: Callable[[], None] = lambda: None) -> list[TableRow]:
    """Read a CSV of scans.

    Parameters
    ----------
    file
        UTF-8, separated by commas, semicolons or tabs, with the columns ``path``
        (absolute, or relative to the table's folder) and ``label`` (a class, or several
        joined by "|"), and optionally ``patient``, ``split`` (train, validation or test)
        and ``source`` (patients are distinguished within a source, or within the part of it
        before a slash). Other columns are ignored.
    go_on
        Called before each row is checked; may raise to stop.

    Raises
    ------
    DatasetError
        The table cannot be read, a column is missing, or rows are invalid; the first ten are named
        with their line numbers.
    """
    names, lines = read_cells(file)
    if missing := [name for name in _NEEDED if name not in names]:
        raise DatasetError(
            f"Expected the columns path and label in {file.name} (optionally patient, split and "
            f"source), received {columns_in_words(names)}; {' and '.join(missing)} missing."
        )
    rows: list[TableRow] = []
    wrong: list[str] = []
    seen: dict[Path, int] = {}
    for line, cells in lines:
        go_on()
        values = dict(zip(names, cells, strict=False))
        row = TableRow(
            file.parent / values.get("path", ""),
            tidy_label(values.get("label", "")),
            values.get("patient", ""),
            _split(values.get("split", "")),
            values.get("source", ""),
        )
        problem = _problem(row, values, seen.get(row.path))
        if problem:
            wrong.append(f"line {line}: {problem}")
        seen.setdefault(row.path, line)
        rows.append(row)
    if wrong:
        more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise DatasetError(
            f"{file.name} has invalid rows: {'; '.join(wrong[:_SHOWN])}{more}. Correct or remove "
            f"them."
        )
    return rows


def read_cells(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a CSV as written by spreadsheets.

    Returns
    -------
    The column names in lower case, and the line number and cells of each non-empty row.

    Raises
    ------
    DatasetError
        The file cannot be read as UTF-8 text, or a quote is not closed at the end of its cell.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"The table {file.name} cannot be read as UTF-8 text ({error}). Save it as CSV (UTF-8)."
        ) from error
    rows = _rows(file, text)
    _, heading = next(rows, (0, []))
    names = [name.casefold() for name in heading]
    return names, [(line, cells) for line, cells in rows if any(cells)]


def columns_in_words(names: list[str]) -> str:
    """Return a table's column names in words; of very many, the first ones and the number of others."""
    return some_of([_shown(name) for name in names if name]) or "none"


def _shown(cell: str) -> str:
    return one_line(cell, _LONGEST_CELL)


def _rows(file: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the last line number and the cells of each row."""
    # Not splitlines, because a file name may contain characters that it takes for line ends.
    # Strict, because otherwise an unclosed quote would silently swallow the rows that follow.
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(
            f"The table {file.name} cannot be read from line {begins} on ({error}). Look for an "
            f"unclosed quote there, or save the table as CSV again."
        ) from error


def _delimiter(text: str) -> str:
    """Return the column separator: the most frequent candidate in the first line."""
    first = text[:_SAMPLE_CHARACTERS].partition("\n")[0]
    return max(",;\t", key=first.count)


def _split(stated: str) -> str:
    """Return the part that a cell names, "" for an empty cell, "?" for an unknown part."""
    return PARTS.get(stated.casefold(), "?") if stated else ""


def _problem(row: TableRow, values: dict[str, str], before: int | None) -> str:
    if not values.get("path"):
        return "no path"
    if not all(row.label.split("|")):
        return "no label" if not row.label else f"expected a label, received {_shown(row.label)!r}"
    if row.split == "?":
        split = _shown(values["split"])
        return f"expected the split train, validation or test, received {split!r}"
    if not os.path.isfile(row.path):  # noqa: PTH113  (Path's raises where the name is invalid)
        return f"file not found: {_shown(values['path'])}"
    if before is not None:
        return f"the same file as line {before}"
    return ""

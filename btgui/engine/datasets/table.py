"""Data sets given as a table: a CSV with one row per scan."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.counting import all_of, one_or, some_of
from btgui.engine.disk.ordinary_file import is_special
from btgui.engine.errors import DatasetError
from btgui.engine.one_line import one_line

TABLE_SUFFIX = ".csv"
_NEEDED, _OPTIONAL = ("path", "label"), ("patient", "split", "source")
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
        As :func:`read_rows`, or rows are invalid; the first ten problems are named, each with the
        numbers of the first ten lines that have it.
    """
    rows: list[TableRow] = []
    wrong: dict[str, list[str]] = {}
    seen: dict[Path, int] = {}
    for line, values in read_rows(file, _NEEDED, _OPTIONAL):
        go_on()
        row = TableRow(
            file.parent / values.get("path", ""),
            tidy_label(values.get("label", "")),
            values.get("patient", ""),
            _split(values.get("split", "")),
            values.get("source", ""),
        )
        problem = _problem(row, values, seen.get(row.path))
        if problem:
            wrong.setdefault(problem, []).append(f"{line}")
        seen.setdefault(row.path, line)
        rows.append(row)
    if wrong:
        raise DatasetError(
            f"{file.name} has invalid rows: {_in_words(wrong)}. Correct or remove them."
        )
    return rows


def read_rows(
    file: Path, needed: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV as written by spreadsheets.

    Parameters
    ----------
    needed, optional
        The names, in lower case, of the columns that the table must and may have.

    Returns
    -------
    The line number and the cells of each non-empty row, by the name of their column; without those of
    columns that the row is too short for.

    Raises
    ------
    DatasetError
        The file cannot be read as UTF-8 text, a quote is not closed at the end of its cell, a column
        is missing or occurs twice, or a row has more cells than there are columns.
    """
    lines = _rows(file, _text_of(file))
    _, heading = next(lines, (0, []))
    names = [name.casefold() for name in heading]
    _check_columns(file.name, names, needed, optional)
    rows = [(line, cells) for line, cells in lines if any(cells)]
    # Without this check, the end of a cell with a comma outside quotes would be dropped silently.
    if longer := [f"line {line}" for line, cells in rows if any(cells[len(names) :])]:
        raise DatasetError(
            f"{file.name} has rows with more cells than columns: {some_of(longer)}. Put a cell that "
            f"contains the column separator in quotes, or give every column a name in the first row."
        )
    return [(line, dict(zip(names, cells, strict=False))) for line, cells in rows]


def _text_of(file: Path) -> str:
    if is_special(file) or os.path.isdir(file):  # noqa: PTH112  (as below; a pipe could block for ever)
        raise DatasetError(f"Expected a CSV file; {file} is not an ordinary file.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise DatasetError(
            f"The table {file} was not found. Check its name, or connect its drive."
        ) from error
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise DatasetError(
            f"The table {file.name} cannot be opened ({reason}). Check that you have permission to read "
            f"it."
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DatasetError(
            f"The table {file.name} cannot be read as UTF-8 text from line {line:,} on. Save it again as "
            f"CSV UTF-8, which spreadsheets offer beside plain CSV."
        ) from error


def _check_columns(
    table: str, names: Sequence[str], needed: Sequence[str], optional: Sequence[str]
) -> None:
    if missing := [name for name in needed if name not in names]:
        also = f" (optionally {all_of(optional)})" if optional else ""
        received = some_of([_shown(name) for name in names if name]) or "none"
        raise DatasetError(
            f"Expected the columns {all_of(needed)} in {table}{also}, received {received}; "
            f"{all_of(missing)} missing. Give the columns these names in the first row."
        )
    if repeated := [name for name in (*needed, *optional) if names.count(name) > 1]:
        raise DatasetError(
            f"Expected one column {repeated[0]} in {table}, received {names.count(repeated[0])}. Remove or "
            f"rename the others."
        )


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


def _in_words(wrong: Mapping[str, list[str]]) -> str:
    """Return the first problems, each with the lines that have it."""
    told = [
        f"{one_or(len(lines), 'line', 'lines')} {some_of(lines)}: {problem}"
        for problem, lines in list(wrong.items())[:_SHOWN]
    ]
    if rest := sum(map(len, list(wrong.values())[_SHOWN:])):
        told.append(f"and {rest:,} more")
    return "; ".join(told)


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

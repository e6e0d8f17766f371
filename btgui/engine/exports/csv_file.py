"""Writing CSV tables that spreadsheets can open safely, whatever text they contain."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from btgui.engine.disk.files import not_written, replacing

# Spreadsheets interpret a cell that begins with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]\d+)?")


class TableWriter:
    """Writes rows whose cells no spreadsheet evaluates as formulas."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)

    def writerow(self, cells: Iterable[object]) -> None:
        """Write a row; texts that look like formulas are prefixed with an apostrophe."""
        self._writer.writerow([_as_text(str(cell)) for cell in cells])


@contextmanager
def writing_table(file: Path) -> Iterator[TableWriter]:
    """Yield a writer for a table that replaces ``file`` once it is written completely.

    The encoding is UTF-8 with a byte-order mark, so that spreadsheets read names in any script.
    Undecodable bytes, as in some file names, are written as escape sequences.

    Raises
    ------
    ExportError
        The file cannot be written; an existing file is kept.
    """
    try:
        with (
            replacing(file) as temporary,
            temporary.open(
                "w", newline="", encoding="utf-8-sig", errors="backslashreplace"
            ) as stream,
        ):
            yield TableWriter(stream)
    except OSError as error:
        raise not_written(file, error) from error


def _as_text(cell: str) -> str:
    is_formula = cell.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell

"""How every CSV table is written: for spreadsheets, whatever a file or its header holds."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from btgui.engine.disk.files import not_written, replacing

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]\d+)?")


class TableWriter:
    """Writes rows whose cells no spreadsheet computes."""

    def __init__(self, stream: TextIO) -> None:
        self._writer = csv.writer(stream)

    def writerow(self, cells: Iterable[object]) -> None:
        """Write a row; texts that look like formulas get an apostrophe in front."""
        self._writer.writerow([_as_text(str(cell)) for cell in cells])


@contextmanager
def writing_table(file: Path) -> Iterator[TableWriter]:
    """Give a writer of a table that replaces ``file`` once all of it is written.

    UTF-8 with a byte-order mark, so that spreadsheets read names in any script. What
    is no text, as in some files' names, is written in signs.

    Raises
    ------
    ExportError
        It cannot be written; the old file stays.
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

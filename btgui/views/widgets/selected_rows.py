"""The selected rows of a list or table, however many they are."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QAbstractItemView


def selected_rows(view: QAbstractItemView) -> list[int]:
    """Return the numbers of the rows in which anything is selected, in ascending order.

    Qt's own ``selectedIndexes`` asks the model about every cell: where tens of thousands of rows
    are selected and the model is written in Python, the window would be blocked.
    """
    parts = view.selectionModel().selection()
    return sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})


def select_rows(view: QAbstractItemView, rows: Iterable[int]) -> None:
    """Select whole rows of a list or table, and nothing else."""
    model, parts = view.model(), QItemSelection()
    last = model.columnCount() - 1
    numbers = sorted(rows)
    # A part for each run of neighbours.
    firsts = [n for at, n in enumerate(numbers) if at == 0 or numbers[at - 1] != n - 1]
    ends = [n for at, n in enumerate(numbers, 1) if at == len(numbers) or numbers[at] != n + 1]
    for first, end in zip(firsts, ends, strict=True):
        parts.select(model.index(first, 0), model.index(end, last))
    view.selectionModel().select(parts, QItemSelectionModel.SelectionFlag.ClearAndSelect)

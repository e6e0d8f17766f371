"""The selected rows of a list or table, however many they are."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView


def selected_rows(view: QAbstractItemView) -> list[int]:
    """Return the numbers of the rows in which anything is selected, in ascending order.

    Qt's own ``selectedIndexes`` asks the model about every cell: where tens of thousands of rows
    are selected and the model is written in Python, the window would be blocked.
    """
    parts = view.selectionModel().selection()
    return sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})

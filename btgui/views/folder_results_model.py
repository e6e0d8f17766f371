"""A folder's results as a table that can be sorted."""

from __future__ import annotations

import re

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from btgui.engine.exports.csv_table import ResultRow
from btgui.views.text import percent, plain_tip
from btgui.views.theme import class_colour

HEADINGS = ("Scan", "Verdict", "Probability", "Next likely", "Remark")
DOUBTED = "  \N{WARNING SIGN}"  # behind a verdict: the remark that says why may be out of view
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
_SCAN, _VERDICT, _PROBABILITY, _NEXT, _REMARK = range(len(HEADINGS))
Index = QModelIndex | QPersistentModelIndex


class FolderResultsModel(QAbstractTableModel):
    """One row a scan."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ResultRow] = []
        self._names: dict[str, str] = {}
        self._order: list[str] = []

    def start(self, classes: tuple[str, ...], display_names: tuple[str, ...]) -> None:
        """Begin anew with a model's classes."""
        self.beginResetModel()
        self._rows = []
        self._order = list(classes)
        self._names = dict(zip(classes, display_names, strict=True))
        self.endResetModel()

    def add(self, rows: list[ResultRow]) -> None:
        """Add scans' results."""
        if not rows:
            return
        count = len(self._rows)
        self.beginInsertRows(QModelIndex(), count, count + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def rows(self) -> list[ResultRow]:
        """Return all results in the order of reading."""
        return list(self._rows)

    def row(self, number: int) -> ResultRow:
        """Return one result."""
        return self._rows[number]

    def words(self, number: int) -> str:
        """Return what a result can be found by: its name, its verdict and the remark."""
        row = self._rows[number]
        return " ".join(self._text(row, column) for column in (_SCAN, _VERDICT, _REMARK))

    def display_name(self, name: str) -> str:
        """Return a class's name for the reader."""
        return self._names.get(name, name)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  (Qt's form)
        """Return the number of results."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  (Qt's form)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(  # noqa: N802  (Qt's name)
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a column's heading."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, its value to sort by, or its colour."""
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == SORT_ROLE:
            if column == _PROBABILITY:
                return row.probabilities.get(row.verdict, -1.0)
            # "scan 2" before "scan 10"
            return re.sub(r"\d+", lambda n: n[0].zfill(12), self._text(row, column).casefold())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.error or "\n".join(filter(None, (row.remark, str(row.place)))))
        if role == Qt.ItemDataRole.DecorationRole and column == _VERDICT and row.verdict:
            return class_colour(self._order.index(row.verdict))
        return None

    def _text(self, row: ResultRow, column: int) -> str:
        if column == _SCAN:
            return row.path.name
        if column == _REMARK:
            return row.error or row.remark
        if not row.probabilities:
            return "Not read" if column == _VERDICT else ""
        ranked = sorted(row.probabilities, key=row.probabilities.__getitem__, reverse=True)
        second = ranked[1]
        mark = DOUBTED if row.remark else ""
        texts = {
            _VERDICT: f"{self.display_name(row.verdict)}{mark}",
            _PROBABILITY: percent(row.probabilities[row.verdict]),
            _NEXT: f"{self.display_name(second)}, {percent(row.probabilities[second])}",
        }
        return texts[column]

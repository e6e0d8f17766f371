"""A sortable table model of a folder's results."""

from __future__ import annotations

import re
from bisect import bisect_right

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.text import DOUBTED, percent, plain_tip
from btgui.views.theme import class_colour

HEADINGS = ("Scan", "Verdict", "Probability", "Next likely", "Remark")
_SCAN, _VERDICT, _PROBABILITY, _NEXT, _REMARK = range(len(HEADINGS))
Index = QModelIndex | QPersistentModelIndex
Key = str | float


class FolderResultsModel(QAbstractTableModel):
    """A table with one row per scan.

    The model sorts its rows itself: a proxy would fetch both values of each of hundreds of
    thousands of comparisons through Qt, and block the window.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ResultRow] = []  # in the order of reading
        self._words: list[str] = []  # the searchable text of each
        self._places: list[int] = []  # into _rows, in ascending sort order
        self._keys: list[Key] = []  # the sort keys in that order
        self._column, self._falls = -1, False
        self._names: dict[str, str] = {}

    def start(self, classes: tuple[str, ...], display_names: tuple[str, ...]) -> None:
        """Remove all rows and begin again with a model's classes."""
        self.beginResetModel()
        self._rows, self._words, self._places, self._keys = [], [], [], []
        self._names = dict(zip(classes, display_names, strict=True))
        self.endResetModel()

    def add(self, rows: list[ResultRow]) -> None:
        """Add results, each at its sorted position."""
        if self._column >= 0:
            for row in rows:
                self._insert(row)
        elif rows:
            count = len(self._rows)
            self.beginInsertRows(QModelIndex(), count, count + len(rows) - 1)
            for row in rows:
                self._keep(row, len(self._rows), len(self._rows))
            self.endInsertRows()

    def rows(self) -> list[ResultRow]:
        """Return all results in the order of reading."""
        return list(self._rows)

    def row(self, number: int) -> ResultRow:
        """Return the result in a row."""
        return self._rows[self.place(number)]

    def place(self, number: int) -> int:
        """Return the index, in the order of reading, of the result in a row."""
        return self._places[-1 - number if self._falls else number]

    def words(self, number: int) -> str:
        """Return the searchable text of a row, case-folded: name, verdict and remark."""
        return self._words[self.place(number)]

    def display_name(self, name: str) -> str:
        """Return the display name of a class."""
        return self._names.get(name, name)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows by a column; -1 restores the order of reading."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        places = [self.place(index.row()) for index in held]
        self._column = column
        self._falls = column >= 0 and order == Qt.SortOrder.DescendingOrder
        keys = [self._key(row, number) for number, row in enumerate(self._rows)]
        self._places = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = [keys[place] for place in self._places]
        now = {self.place(number): number for number in range(len(keys))}
        self.changePersistentIndexList(
            held,
            [self.index(now[place], one.column()) for place, one in zip(places, held, strict=True)],
        )
        self.layoutChanged.emit()

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
        """Return a cell's text, tooltip or colour."""
        row, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.error or "\n".join(filter(None, (row.remark, str(row.place)))))
        if role == Qt.ItemDataRole.DecorationRole and column == _VERDICT and row.verdict:
            return class_colour(list(self._names).index(row.verdict))
        return None

    def _insert(self, row: ResultRow) -> None:
        """Insert a result at its sorted position."""
        count = len(self._rows)
        rank = bisect_right(self._keys, self._key(row, count))
        number = count - rank if self._falls else rank
        self.beginInsertRows(QModelIndex(), number, number)
        self._keep(row, count, rank)
        self.endInsertRows()

    def _keep(self, row: ResultRow, place: int, rank: int) -> None:
        found_by = (self._text(row, column) for column in (_SCAN, _VERDICT, _REMARK))
        self._words.append(" ".join(found_by).casefold())
        self._keys.insert(rank, self._key(row, place))
        self._places.insert(rank, place)
        self._rows.append(row)

    def _key(self, row: ResultRow, place: int) -> Key:
        """Return a row's sort key; all keys of a column have one type."""
        if self._column < 0:
            return place
        if self._column == _PROBABILITY:
            return row.probabilities.get(row.verdict, -1.0)
        # "scan 2" before "scan 10"
        return re.sub(r"\d+", lambda n: n[0].zfill(12), self._text(row, self._column).casefold())

    def _text(self, row: ResultRow, column: int) -> str:
        if column == _SCAN:
            return row.path.name
        if column == _REMARK:
            return row.error or row.remark
        if not row.probabilities:
            return "Not read" if column == _VERDICT else ""
        if column == _VERDICT:
            return f"{self.display_name(row.verdict)}{DOUBTED if row.remark else ''}"
        if column == _PROBABILITY:
            return percent(row.probabilities[row.verdict])
        second = sorted(row.probabilities, key=row.probabilities.__getitem__, reverse=True)[1]
        return f"{self.display_name(second)}, {percent(row.probabilities[second])}"

"""The table model of a folder's results, which sorts and filters them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.text import DOUBTED, percent, plain_tip
from btgui.views.theme import class_colour

HEADINGS = ("Scan", "Verdict", "Probability", "Next likely", "Remark")
_SCAN, _VERDICT, _PROBABILITY, _NEXT, _REMARK = range(len(HEADINGS))
Index = QModelIndex | QPersistentModelIndex
Key = str | float
_WITH_HINT = "QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint"
Kind = Callable[[ResultRow], bool]


class FolderResultsModel(QAbstractTableModel):
    """A table with one row per scan that contains all search words and is of the chosen kind.

    The model sorts and filters its rows itself: a proxy would fetch each of them several times
    through Qt, and tens of thousands of scans would block the window.

    Signals
    -------
    added()
        Results were added or all were removed; some of them may be hidden.
    """

    added = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[_Listed] = []  # in the order of reading
        self._shown: list[int] = []  # into _all, in ascending sort order
        self._keys: list[Key] = []  # the sort keys in that order
        self._column, self._falls = -1, False
        self._searched: list[str] = []
        self._kind: Kind | None = None
        self._names: dict[str, str] = {}
        self._verdicts: Counter[str] = Counter()

    def start(self, classes: tuple[str, ...], display_names: tuple[str, ...]) -> None:
        """Remove all rows and begin again with a model's classes."""
        self.beginResetModel()
        self._all, self._shown, self._keys = [], [], []
        self._verdicts.clear()
        self._names = dict(zip(classes, display_names, strict=True))
        self.endResetModel()
        self.added.emit()

    def add(self, rows: Sequence[ResultRow]) -> None:
        """Add results; those that are shown go to their sorted position."""
        first = len(self._all)
        self._all += [_Listed.of(row, self._names) for row in rows]
        self._verdicts.update(row.verdict for row in rows)
        shown = [place for place in range(first, len(self._all)) if self._is_shown(place)]
        if self._column >= 0:
            for place in shown:
                self._insert(place)
        elif shown:
            count = len(self._shown)
            self.beginInsertRows(QModelIndex(), count, count + len(shown) - 1)
            self._shown += shown
            self._keys += shown
            self.endInsertRows()
        self.added.emit()

    def total(self) -> int:
        """Return the number of all results, including hidden ones."""
        return len(self._all)

    def verdicts(self) -> Counter[str]:
        """Return the number of results with each verdict, including hidden ones; "": not read."""
        return self._verdicts

    def rows(self) -> list[ResultRow]:
        """Return all results, including hidden ones, in the order of reading."""
        return [one.row for one in self._all]

    def shown_rows(self) -> list[ResultRow]:
        """Return the results that are shown, in the order of reading."""
        return [self._all[place].row for place in sorted(self._shown)]

    def row(self, number: int) -> ResultRow:
        """Return the result in a row."""
        return self._listed(number).row

    def texts(self, number: int) -> tuple[str, ...]:
        """Return the texts in the cells of a row."""
        return self._listed(number).texts

    def places(self, numbers: Iterable[int]) -> list[int]:
        """Return the places of the results in these rows in the order of reading."""
        return [self._place(number) for number in numbers]

    def numbers(self, places: Iterable[int]) -> list[int]:
        """Return the rows of the results in these places, without those that are hidden."""
        now = {self._place(number): number for number in range(len(self._shown))}
        return [now[place] for place in places if place in now]

    def display_name(self, name: str) -> str:
        """Return the display name of a class."""
        return self._names.get(name, name)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows by a column; -1 restores the order of reading."""
        self._reorder(column, falls=column >= 0 and order == Qt.SortOrder.DescendingOrder)

    def show_only(self, text: str, kind: Kind | None) -> None:
        """Show the rows of this kind (None: any) that contain all words of a text."""
        # Not a change of layout: of a long table whose rows are all selected, Qt would then select
        # all rows, if they are as many as before, or none.
        self.beginResetModel()
        self._searched, self._kind = text.casefold().split(), kind
        self._find_rows()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008  (Qt's form)
        """Return the number of results that are shown."""
        return 0 if parent.isValid() else len(self._shown)

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
        listed, column = self._listed(index.row()), index.column()
        row = listed.row
        if role == Qt.ItemDataRole.DisplayRole:
            return listed.texts[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.error or "\n".join(filter(None, (row.remark, str(row.place)))))
        if role == Qt.ItemDataRole.DecorationRole and column == _VERDICT and row.verdict:
            return class_colour(list(self._names).index(row.verdict))
        return None

    def _listed(self, number: int) -> _Listed:
        return self._all[self._place(number)]

    def _place(self, number: int) -> int:
        """Return the index, in the order of reading, of the result in a row."""
        return self._shown[-1 - number if self._falls else number]

    def _is_shown(self, place: int) -> bool:
        one = self._all[place]
        if self._kind is not None and not self._kind(one.row):
            return False
        return all(word in one.words for word in self._searched)

    def _insert(self, place: int) -> None:
        """Insert a result at its sorted position."""
        count, key = len(self._shown), self._all[place].keys[self._column]
        rank = bisect_right(self._keys, key)
        number = count - rank if self._falls else rank
        self.beginInsertRows(QModelIndex(), number, number)
        self._keys.insert(rank, key)
        self._shown.insert(rank, place)
        self.endInsertRows()

    def _reorder(self, column: int, *, falls: bool) -> None:
        """Put the rows in this order; what is selected stays so."""
        # Rows move as wholes: else Qt would follow each selected cell, and block the window.
        hint = QAbstractItemModel.LayoutChangeHint.VerticalSortHint
        self.layoutAboutToBeChanged[_WITH_HINT].emit([], hint)
        held = self.persistentIndexList()
        places = self.places(index.row() for index in held)
        self._column, self._falls = column, falls
        self._find_rows()
        if held:
            # Not by index(), which asks for the numbers of rows and columns each time.
            moved = [
                self.createIndex(number, index.column())
                for number, index in zip(self.numbers(places), held, strict=True)
            ]
            self.changePersistentIndexList(held, moved)
        self.layoutChanged[_WITH_HINT].emit([], hint)

    def _find_rows(self) -> None:
        """Find the rows to show and their order."""
        everything = range(len(self._all))
        hides = bool(self._searched) or self._kind is not None
        shown = list(filter(self._is_shown, everything) if hides else everything)
        column = self._column
        keys = [one.keys[column] for one in self._all] if column >= 0 else everything
        self._shown = sorted(shown, key=keys.__getitem__)
        self._keys = [keys[place] for place in self._shown]


@dataclass(frozen=True, slots=True)
class _Listed:
    """A result, and what the table needs of it; made once, as tables are sorted all at once.

    Attributes
    ----------
    texts, keys
        The text and the sort key of each column; all keys of a column have one type.
    words
        The searchable text, case-folded: name, verdict and remark.
    """

    row: ResultRow
    texts: tuple[str, ...]
    keys: tuple[Key, ...]
    words: str

    @classmethod
    def of(cls, row: ResultRow, names: dict[str, str]) -> _Listed:
        """Return a result in the words of the model's classes."""
        verdict, probability, following = _verdict_texts(row, names)
        texts = (row.path.name, verdict, probability, following, row.error or row.remark)
        keys: list[Key] = [_natural(text) for text in texts]
        keys[_PROBABILITY] = row.probabilities.get(row.verdict, -1.0)
        words = " ".join(texts[column] for column in (_SCAN, _VERDICT, _REMARK))
        return cls(row, texts, tuple(keys), words.casefold())


def _verdict_texts(row: ResultRow, names: dict[str, str]) -> tuple[str, str, str]:
    """Return the verdict, its probability, and the second most likely class."""
    if not row.probabilities:
        return "Not read", "", ""
    second = sorted(row.probabilities, key=row.probabilities.__getitem__, reverse=True)[1]
    return (
        f"{names.get(row.verdict, row.verdict)}{DOUBTED if row.remark else ''}",
        percent(row.probabilities[row.verdict]),
        f"{names.get(second, second)}, {percent(row.probabilities[second])}",
    )


def _natural(text: str) -> str:
    """Return a sort key by which "scan 2" comes before "scan 10"."""
    return re.sub(r"\d+", lambda number: number[0].zfill(12), text.casefold())

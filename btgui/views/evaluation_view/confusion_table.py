"""A confusion matrix with cells that open the scans behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from btgui.views.text import counted, plain_tip
from btgui.views.theme import SELECTION, TEXT

ROWS_AND_COLUMNS = "Rows: true class. Columns: the model's verdict."
CLICK_A_CELL = "Click a cell to see the scans behind it."
_BORDER = 2
_FEWEST_LETTERS = 7  # of a heading, or of a number, that are always visible
_MANY = 5  # classes, for whose headings there is room for the names alone
_RIGHT, _WRONG = SELECTION, QColor("#5c3a2a")


def is_narrow(count: int) -> bool:
    """Whether the headings for ``count`` classes are only names, and need a legend."""
    return count >= _MANY


class _Outlined(QStyledItemDelegate):
    """Marks the selected cell with a border; its colour still shows correct or wrong."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        option.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, option, index)
        if chosen:
            painter.save()
            painter.setPen(QPen(TEXT, _BORDER))
            inset = _BORDER // 2
            painter.drawRect(option.rect.adjusted(inset, inset, -_BORDER, -_BORDER))
            painter.restore()


class ConfusionTable(QTableWidget):
    """A confusion matrix with true classes as rows and verdicts as columns.

    Signals
    -------
    cell_chosen(int, int)
        The user selected the cell of this true class and this verdict.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Confusion matrix")
        self.setItemDelegate(_Outlined(self))
        palette = self.palette()
        # Otherwise the table fills a selected cell behind the delegate's painting.
        palette.setColor(QPalette.ColorRole.Highlight, QColor(Qt.GlobalColor.transparent))
        self.setPalette(palette)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setTextElideMode(Qt.TextElideMode.ElideRight)
        # Where there is no room for so many letters, the table scrolls.
        letter = self.fontMetrics().averageCharWidth()
        self.horizontalHeader().setMinimumSectionSize(_FEWEST_LETTERS * letter)
        self.currentCellChanged.connect(lambda row, column, *_: self._chosen(row, column))
        self.cellClicked.connect(self._chosen)

    def show_counts(
        self, names: Sequence[str], confusion: Sequence[Sequence[int]], *, narrow: bool = False
    ) -> None:
        """Show a test's counts; rows are true classes, columns verdicts.

        In a ``narrow`` table, or with many classes, the headings are the names alone.
        """
        said, true = ("", "") if narrow or is_narrow(len(names)) else ("read as ", "is ")
        with QSignalBlocker(self):
            self.clear()
            self.setRowCount(len(names))
            self.setColumnCount(len(names))
        self.setHorizontalHeaderLabels([f"{said}{name}" for name in names])
        self.setVerticalHeaderLabels([f"{true}{name}" for name in names])
        for place, name in enumerate(names):
            self.horizontalHeaderItem(place).setToolTip(plain_tip(f"{said}{name}"))
            self.verticalHeaderItem(place).setToolTip(plain_tip(f"{true}{name}"))
        for row, counts in enumerate(confusion):
            for column, number in enumerate(counts):
                item = QTableWidgetItem(f"{number:,}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                share = number / max(1, sum(counts))
                if number:
                    colour = QColor(_RIGHT if row == column else _WRONG)
                    colour.setAlphaF(0.25 + 0.75 * share)
                    item.setBackground(colour)
                words = (
                    f"Of {counted(sum(counts), 'scan')} of {names[row]}, {number:,} read as "
                    f"{names[column]}."
                )
                item.setToolTip(plain_tip(words))
                self.setItem(row, column, item)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Reserve two thirds of the width for the numbers, however long the names are."""
        self.verticalHeader().setMaximumWidth(max(1, self.width() // 3))
        super().resizeEvent(event)

    def _chosen(self, row: int, column: int) -> None:
        if row >= 0 and column >= 0:
            self.cell_chosen.emit(row, column)

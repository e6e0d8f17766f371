"""The confusion matrix, each of whose cells opens the scans behind it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from btgui.engine.evaluation_figures import EvaluationFigures

_RIGHT, _WRONG = QColor("#2c4a60"), QColor("#5c3a2a")


class ConfusionTable(QTableWidget):
    """Rows are what scans are, columns what was said.

    Signals
    -------
    cell_chosen(int, int)
        The user wants to see the scans of this true class and this verdict.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAccessibleName("Confusion matrix")
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.currentCellChanged.connect(lambda row, column, *_: self._chosen(row, column))
        self.cellClicked.connect(self._chosen)

    def show_figures(self, figures: EvaluationFigures) -> None:
        """Show a test's counts."""
        count = len(figures.names)
        self.blockSignals(True)
        self.clear()
        self.setRowCount(count)
        self.setColumnCount(count)
        self.setHorizontalHeaderLabels([f"said {name}" for name in figures.names])
        self.setVerticalHeaderLabels([f"is {name}" for name in figures.names])
        for row, counts in enumerate(figures.confusion):
            for column, number in enumerate(counts):
                item = QTableWidgetItem(f"{number:,}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                share = number / max(1, sum(counts))
                if number:
                    colour = QColor(_RIGHT if row == column else _WRONG)
                    colour.setAlphaF(0.25 + 0.75 * share)
                    item.setBackground(colour)
                item.setToolTip(
                    f"{number:,} of {sum(counts):,} scans of {figures.names[row]} were called "
                    f"{figures.names[column]}. Click to see them."
                )
                self.setItem(row, column, item)
        self.blockSignals(False)

    def _chosen(self, row: int, column: int) -> None:
        if row >= 0 and column >= 0:
            self.cell_chosen.emit(row, column)

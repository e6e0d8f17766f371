"""Several models' confusion matrices side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from btgui.views.evaluation_view.confusion_table import ConfusionTable

_COLUMNS = 2
_SMALLEST = (300, 190)


@dataclass(frozen=True)
class ModelCounts:
    """A model's title, its classes' names and its counts (rows: true, columns: said)."""

    title: str
    names: Sequence[str]
    confusion: Sequence[Sequence[int]]


class ConfusionGrid(QScrollArea):
    """One table a model, two beside each other.

    Signals
    -------
    cell_chosen(int, int, int)
        A cell was chosen: the model's place, the true class, the verdict.
    """

    cell_chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.tables: list[ConfusionTable] = []

    def show_counts(self, models: Sequence[ModelCounts]) -> None:
        """Show these in place of those before."""
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 8, 0, 0)
        self.tables = []
        for place, model in enumerate(models):
            table = ConfusionTable()
            table.setAccessibleName(f"Confusion matrix of {model.title}")
            table.setMinimumSize(*_SMALLEST)
            table.show_counts(model.names, model.confusion, narrow=True)
            table.cell_chosen.connect(
                lambda true, said, place=place: self.cell_chosen.emit(place, true, said)
            )
            title = QLabel(model.title)
            title.setTextFormat(Qt.TextFormat.PlainText)  # a model may be named like markup
            column = QVBoxLayout()
            column.addWidget(title)
            column.addWidget(table, 1)
            grid.addLayout(column, place // _COLUMNS, place % _COLUMNS)
            self.tables.append(table)
        legend = QLabel("Rows: what the scans are. Columns: what the model says.")
        legend.setProperty("role", "quiet")
        grid.addWidget(legend, grid.rowCount(), 0, 1, _COLUMNS)
        self.setWidget(content)

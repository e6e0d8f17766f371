"""Several models' confusion matrices side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from btgui.views.evaluation_view.confusion_table import ROWS_AND_COLUMNS, ConfusionTable
from btgui.views.text import plain_tip
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph

_MOST_COLUMNS = 2
_ENOUGH_LETTERS = 78  # the width, in characters, at which four class names are readable
_HEADING_HEIGHT, _ROW_HEIGHT = 32, 38


@dataclass(frozen=True)
class ModelCounts:
    """A model's title, class names and confusion matrix (rows: true class, columns: verdict)."""

    title: str
    names: Sequence[str]
    confusion: Sequence[Sequence[int]]


class ConfusionGrid(QScrollArea):
    """One confusion matrix per model, in two columns where there is room.

    Signals
    -------
    cell_chosen(int, int, int)
        A cell was chosen: the indices of the model, the true class and the verdict.
    """

    cell_chosen = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Confusion matrices")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.tables: list[ConfusionTable] = []
        self._cards: list[QWidget] = []
        self._columns = 0

    def show_counts(self, models: Sequence[ModelCounts]) -> None:
        """Show the confusion matrices of these models in place of the previous ones."""
        content = QWidget()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.tables = [self._table(place, model) for place, model in enumerate(models)]
        self._cards = [
            _titled(model.title, table) for model, table in zip(models, self.tables, strict=True)
        ]
        legend = paragraph(ROWS_AND_COLUMNS, "quiet")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(legend)  # at the top, because the tables below may need scrolling
        column.addLayout(self._grid)
        column.addStretch(1)
        self._columns = 0
        self._arrange()
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Use one column where the class names would be cut in two."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        wide_enough = _ENOUGH_LETTERS * self.fontMetrics().averageCharWidth()
        columns = max(1, min(_MOST_COLUMNS, len(self._cards), self.width() // wide_enough))
        if columns == self._columns or not self._cards:
            return
        self._columns = columns
        for card in self._cards:
            self._grid.removeWidget(card)
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _table(self, place: int, model: ModelCounts) -> ConfusionTable:
        table = ConfusionTable()
        table.setAccessibleName(f"Confusion matrix of {model.title}")
        table.show_counts(model.names, model.confusion, narrow=True)
        rows = max(1, len(model.names))
        table.setFixedHeight(_HEADING_HEIGHT + _ROW_HEIGHT * rows)
        table.cell_chosen.connect(
            lambda true, verdict, place=place: self.cell_chosen.emit(place, true, verdict)
        )
        return table


def _titled(title: str, table: ConfusionTable) -> QWidget:
    card = QWidget()
    label = ElidedLabel()  # a long name must not take the room of the other table
    label.setText(title)
    label.setToolTip(plain_tip(title))
    column = QVBoxLayout(card)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label)
    column.addWidget(table)
    return card

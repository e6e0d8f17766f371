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
_ENOUGH_LETTERS = 78  # as wide is a table in which four names of classes can be read
_HEADING_HEIGHT, _ROW_HEIGHT = 32, 38


@dataclass(frozen=True)
class ModelCounts:
    """A model's title, its classes' names and its counts (rows: true, columns: said)."""

    title: str
    names: Sequence[str]
    confusion: Sequence[Sequence[int]]


class ConfusionGrid(QScrollArea):
    """One table a model, two beside each other where there is room.

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
        self._cards: list[QWidget] = []
        self._columns = 0

    def show_counts(self, models: Sequence[ModelCounts]) -> None:
        """Show these in place of those before."""
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
        column.addWidget(legend)  # on top: it says how to read what may need scrolling
        column.addLayout(self._grid)
        column.addStretch(1)
        self._columns = 0
        self._arrange()
        self.setWidget(content)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """Put tables below each other where names would be cut beside each other."""
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
            lambda true, said, place=place: self.cell_chosen.emit(place, true, said)
        )
        return table


def _titled(title: str, table: ConfusionTable) -> QWidget:
    card = QWidget()
    label = ElidedLabel()  # beside a long name the other table would have no room
    label.setText(title)
    label.setToolTip(plain_tip(title))
    column = QVBoxLayout(card)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label)
    column.addWidget(table)
    return card

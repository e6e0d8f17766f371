"""The view of the models table: selection of models, and room for their names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from btgui.engine.models.library import BrokenPack
from btgui.engine.models.pack import ModelPack
from btgui.views.models_window.models_table import ModelsTable
from btgui.views.text import CONTROL
from btgui.views.widgets.row_table import RowTable

_NAME_LETTERS = 22  # of a name that are always visible: models are recognised by their names


class ModelsView(RowTable):
    """Selects whole rows; the column of names takes the width that the others leave."""

    def __init__(self, rows: ModelsTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.setModel(rows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # "(in use)" stays in view
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._leave_room_for_names)
        self.setAccessibleName("Models")
        self.setToolTip(f"Choose two or more ({CONTROL}+click) to see them side by side.")

    def chosen(self) -> list[ModelPack | BrokenPack]:
        """Return the selected entries, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._rows.entry(row) for row in rows]

    def chosen_packs(self) -> list[ModelPack]:
        """Return the usable models among the selected entries."""
        return [entry for entry in self.chosen() if isinstance(entry, ModelPack)]

    def choose(self, rows: Sequence[int]) -> None:
        """Select these rows; at least one is needed."""
        self.selectRow(rows[0])
        flags = QItemSelectionModel.SelectionFlag
        for row in rows[1:]:
            self.selectionModel().select(self._rows.index(row, 0), flags.Select | flags.Rows)

    def rename_chosen(self) -> None:
        """Open an editor for the name of the current model."""
        self.edit(self.currentIndex().siblingAtColumn(0))

    def _leave_room_for_names(self, column: int) -> None:
        """Set the minimum width to that of the other columns plus room for a name."""
        if column:
            header = self.horizontalHeader()
            others = sum(map(header.sectionSize, range(1, header.count())))
            letters = _NAME_LETTERS * self.fontMetrics().averageCharWidth()
            self.setMinimumWidth(others + letters)

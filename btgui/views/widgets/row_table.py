"""A table in which whole rows are selected."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget


class RowTable(QTableView):
    """Selects whole rows, on one line each; headings are left-aligned, as the texts below are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)  # a bold heading would need more room

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802  (Qt's name)
        """Show a model's rows."""
        super().setModel(model)
        # Headings do not look selected. With the table's selection they would nevertheless ask
        # about every cell whenever it changes, which in a long table blocks the window.
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(model, header))

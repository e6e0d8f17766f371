"""The scans that several models misclassify: the counts, and the scans behind each count."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.counting import all_of
from btgui.engine.figures.comparison import ComparisonFigures, ReadScan
from btgui.views.comparison_view.listing import listed_scans
from btgui.views.scan_grid import ScanGrid, scans_words
from btgui.views.text import counted, one_or, plain_tip
from btgui.views.widgets.labels import paragraph, plain_label

_CLICK = "Click a number to see the scans."


class SharedErrors(QWidget):
    """A matrix of errors by pair of models, a list of errors by group of models, and the scans.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the main window.
    """

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: ComparisonFigures | None = None
        self.summary = paragraph()
        self.matrix = QTableWidget()
        self.together = QListWidget()
        self.scans = ScanGrid()
        self._lay_out()
        self.matrix.cellClicked.connect(self._cell)
        self.matrix.currentCellChanged.connect(lambda row, column, *_: self._cell(row, column))
        self.together.currentItemChanged.connect(lambda item, _before: self._combination(item))
        self.scans.open_requested.connect(self.open_requested)

    def show_figures(self, figures: ComparisonFigures) -> None:
        """Replace the comparison shown."""
        self._figures = figures
        several = sum(bool(scan.wrong) for scan in figures.scans)
        everyone = len(figures.wrong_by(range(len(figures.models))))
        self.summary.setText(
            f"{several:,} of {counted(len(figures.scans), 'scan')} {one_or(several, 'is', 'are')} "
            f"misclassified by at least one model, {everyone:,} by all."
        )
        with QSignalBlocker(self.matrix), QSignalBlocker(self.together):
            self._fill_matrix(figures)
            self._fill_together(figures)
        self.scans.show_scans(_CLICK, [])

    def close_workers(self) -> None:
        """Stop making thumbnails."""
        self.scans.close_workers()

    def _fill_matrix(self, figures: ComparisonFigures) -> None:
        count = len(figures.models)
        self.matrix.clear()
        self.matrix.setRowCount(count)
        self.matrix.setColumnCount(count)
        self.matrix.setVerticalHeaderLabels([model.title for model in figures.models])
        self.matrix.setHorizontalHeaderLabels([model.mark for model in figures.models])
        for row in range(count):
            title = figures.models[row].title
            self.matrix.verticalHeaderItem(row).setToolTip(plain_tip(title))
            for column in range(count):
                number = len(figures.wrong_by(_places(row, column)))
                item = QTableWidgetItem(f"{number:,}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                who = _who(figures, row, column)
                item.setToolTip(plain_tip(f"{counted(number, 'scan')} misclassified by {who}."))
                self.matrix.setItem(row, column, item)

    def _fill_together(self, figures: ComparisonFigures) -> None:
        self.together.clear()
        for models, count in figures.combinations():
            who = ", ".join(figures.models[place].mark for place in models)
            is_all = len(models) == len(figures.models)
            item = QListWidgetItem(f"{count:,} by all" if is_all else f"{count:,} only by {who}")
            item.setData(Qt.ItemDataRole.UserRole, models)
            self.together.addItem(item)

    def _cell(self, row: int, column: int) -> None:
        if self._figures is not None and row >= 0 and column >= 0:
            scans = self._figures.wrong_by(_places(row, column))
            self._show(scans, f"misclassified by {_who(self._figures, row, column)}")

    def _combination(self, item: QListWidgetItem | None) -> None:
        if self._figures is not None and item is not None:
            models = item.data(Qt.ItemDataRole.UserRole)
            who = all_of([self._figures.models[place].title for place in models])
            is_all = len(models) == len(self._figures.models)
            words = "all models" if is_all else f"{who} only"
            self._show(self._figures.wrong_only_by(models), f"misclassified by {words}")

    def _show(self, scans: list[ReadScan], what: str) -> None:
        assert self._figures is not None  # noqa: S101  (the callers have checked)
        self.scans.show_scans(
            scans_words(len(scans), what),
            listed_scans(self._figures, scans),
        )

    def _lay_out(self) -> None:
        self.matrix.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.matrix.setTabKeyNavigation(False)
        self.matrix.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.matrix.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.matrix.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.matrix.verticalHeader().setMaximumWidth(220)
        self.matrix.verticalHeader().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.matrix.setAccessibleName("Scans misclassified by both models")
        self.together.setAccessibleName("Models that misclassify the same scans")
        counts = QWidget()
        column = QVBoxLayout(counts)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.summary)
        for heading, widget in (
            ("Errors by pair:", self.matrix),
            ("Errors by group:", self.together),
        ):
            column.addWidget(plain_label(heading))
            column.addWidget(widget, 1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(counts)
        parts.addWidget(self.scans)
        parts.setSizes([380, 620])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)


def _places(row: int, column: int) -> tuple[int, ...]:
    return (row,) if row == column else (row, column)


def _who(figures: ComparisonFigures, row: int, column: int) -> str:
    titles = [figures.models[place].title for place in _places(row, column)]
    return " and ".join(titles)

"""The page of a folder being read: progress, table of results, filter and saving."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.exports.folder_table import ResultRow, write_results_csv
from btgui.views.actions import set_tip_with_keys
from btgui.views.folder.filter import FolderFilter
from btgui.views.folder.results_model import FolderResultsModel
from btgui.views.saving import CSV_TABLE, ask_and_save
from btgui.views.text import DOUBTED, counted, time_left
from btgui.views.widgets.focus_heirs import leave_focus_to
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.row_table import RowTable
from btgui.views.widgets.selected_rows import select_rows, selected_rows

# Characters: enough for most; the last column, with reasons for failure, takes the rest.
_LETTERS = (24, 20, 13, 26)
_SCAN, _VERDICT = 0, 1
_MEASURED = 200  # rows, for the width of a column: to measure more would block the window
_ICON = QStyle.PixelMetric.PM_SmallIconSize


class _FileName(QStyledItemDelegate):
    """Elides long file names in the middle, because their ends tell scans apart."""

    def initStyleOption(  # noqa: N802  (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class FolderResults(QWidget):
    """A table of results that fills while a folder is read.

    Signals
    -------
    scan_requested(Path)
        The user wants to see this scan.
    table_changed()
        Whether there is a table to save may have changed.
    """

    scan_requested = Signal(object)
    table_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self.model = FolderResultsModel(self)
        self.filter = FolderFilter(self.model)
        self.table = RowTable()
        self.table.setModel(self.model)
        # Places, in the order of reading, of the current row and of the selected ones.
        self._chosen: tuple[list[int], list[int]] = [], []
        self.model.modelAboutToBeReset.connect(self._note_chosen)
        self.model.modelReset.connect(self._choose_again)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        header, letter = self.table.horizontalHeader(), self.table.fontMetrics().averageCharWidth()
        header.setStretchLastSection(True)
        header.setResizeContentsPrecision(_MEASURED)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, letters in enumerate(_LETTERS):
            self.table.setColumnWidth(column, max(letters * letter, header.sectionSizeHint(column)))
        self.table.setItemDelegateForColumn(_SCAN, _FileName(self.table))
        self.table.setAccessibleName("Results")
        self.table.setToolTip("Double-click a row to open the scan. Click a heading to sort.")
        self.table.activated.connect(self._ask)  # also on a double click
        self._offer_on_rows()
        self.progress = QProgressBar()
        self.status = paragraph(
            "“Read all” lists single scans here. The verdict on a series is below it in the list.",
            "quiet",
        )
        self.summary = paragraph()
        self.stop = QPushButton("Stop")
        set_tip_with_keys(self.stop, "Stop reading; results so far are kept.", "cancel")
        self.save = QPushButton()
        self.save.clicked.connect(self.save_table)
        leave_focus_to(self.stop, self.table)
        self._lay_out()
        self.filter.changed.connect(self._offer_to_save)
        self._set_running(running=False)

    def start(self, total: int, classes: tuple[str, ...], display_names: tuple[str, ...]) -> None:
        """Begin a new table for a reading of ``total`` scans."""
        self._classes = classes
        self.model.start(classes, display_names)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.filter.start(classes, display_names)
        self._make_room_for(display_names)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(0)
        self.status.setText(f"Reading {counted(total, 'scan')} …")
        self.summary.clear()
        self._set_running(running=True)

    def running(self) -> bool:
        """Whether a reading is in progress."""
        return not self.stop.isHidden()

    def add_rows(self, rows: list[ResultRow]) -> None:
        """Add results to the table."""
        self.model.add(rows)

    def set_progress(self, done: int, total: int, seconds_left: float) -> None:
        """Show the progress of the reading; ``seconds_left`` is negative if unknown."""
        self.progress.setMaximum(max(total, 1))
        self.progress.setValue(done)
        words = (f"{done:,} of {counted(total, 'scan')}", time_left(seconds_left))
        self.status.setText(", ".join(filter(None, words)))
        self._summarise()

    def finish(self, text: str) -> None:
        """Show that the reading has ended, with this text."""
        self._set_running(running=False)
        self.status.setText(text)
        self._summarise()
        self._make_room_for_scans()

    def has_table(self) -> bool:
        """Whether there are visible rows to save and the reading has ended."""
        return self.model.rowCount() > 0 and not self.running()

    def find(self) -> None:
        """Move the focus to the search field."""
        self.filter.search.setFocus()
        self.filter.search.selectAll()

    def save_table(self) -> None:
        """Ask for a file and save the visible rows; title and name say so if others are hidden."""
        if not self.has_table():
            return
        snapshot = tuple(self.model.shown_rows()), self._classes
        title, name = "Save table", "btgui results.csv"
        if self.filter.hides_rows():
            title, name = f"Save {self.filter.words()}", f"btgui results {self.filter.words()}.csv"
        ask_and_save(self, title, name, CSV_TABLE, write_results_csv, *snapshot)

    def copy_rows(self) -> None:
        """Copy the selected rows as displayed, as tab-separated text."""
        lines = ["\t".join(self.model.texts(row)) for row in selected_rows(self.table)]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _note_chosen(self) -> None:
        current = self.table.currentIndex()
        now = [current.row()] if current.isValid() else []
        self._chosen = self.model.places(now), self.model.places(selected_rows(self.table))

    def _choose_again(self) -> None:
        """Select what was selected before the model was reset, unless it is hidden or gone."""
        current, chosen = map(self.model.numbers, self._chosen)
        for number in current:
            self.table.selectionModel().setCurrentIndex(
                self.model.index(number, 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        select_rows(self.table, chosen)

    def _offer_to_save(self) -> None:
        """Offer to save the visible rows, and say which rows these are."""
        part, words = self.filter.hides_rows(), self.filter.words()
        self.save.setText(f"Save {self.model.rowCount():,} shown …" if part else "Save table …")
        of_all = "Save the results as a CSV table."
        tip = f"Save the rows that are shown, {words}, as a CSV table." if part else of_all
        set_tip_with_keys(self.save, tip, "save_table")
        self.save.setEnabled(self.has_table())
        self.table_changed.emit()

    def _offer_on_rows(self) -> None:
        """Add the actions on rows to the context menu, with their shortcuts."""
        show, copy = QAction("Show scan", self.table), QAction("Copy rows", self.table)
        show.triggered.connect(lambda: self._ask(self.table.currentIndex()))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy_rows)
        self.table.addActions([show, copy])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _make_room_for(self, names: tuple[str, ...]) -> None:
        """Widen the verdict column to the longest class name and its marks; never narrow it."""
        metrics, icon = self.table.fontMetrics(), self.table.style().pixelMetric(_ICON)
        longest = max((metrics.horizontalAdvance(f"{name}{DOUBTED}") for name in names), default=0)
        width = longest + icon + 3 * metrics.averageCharWidth()
        self.table.setColumnWidth(_VERDICT, max(width, self.table.columnWidth(_VERDICT)))

    def _make_room_for_scans(self) -> None:
        """Widen the scan column to its names by what the remark column can spare."""
        table, header = self.table, self.table.horizontalHeader()
        remarks, width = header.count() - 1, header.sectionSize(_SCAN)
        needed = max(table.sizeHintForColumn(remarks), header.sectionSizeHint(remarks))
        spare = max(0, header.sectionSize(remarks) - needed)
        table.setColumnWidth(_SCAN, max(width, min(table.sizeHintForColumn(_SCAN), width + spare)))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.progress, 1)
        top.addWidget(self.status, 1)
        top.addWidget(self.stop)
        top.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.summary)
        layout.addWidget(self.filter)
        layout.addWidget(self.table, 1)

    def _set_running(self, *, running: bool) -> None:
        self.progress.setVisible(running)
        self.stop.setVisible(running)
        self._offer_to_save()

    def _summarise(self) -> None:
        counts = Counter(self.model.verdicts())
        failed = counts.pop("", 0)
        parts = [f"{self.model.display_name(name)}: {n}" for name, n in counts.most_common()]
        if failed:
            parts.append(f"Not read: {failed}")
        self.summary.setText("     ".join(parts))

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid():
            self.scan_requested.emit(self.model.row(index.row()).path)

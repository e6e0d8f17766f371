"""A window that lists every element of the open file's header, with a search field."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.scan import Scan
from btgui.views.text import CONTROL, plain_tip
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.row_table import RowTable
from btgui.views.window_state import open_at

_SIZE = (640, 620)
_NAME_LETTERS = 40  # enough for most names with their tags
_ROW_HEIGHT = 24
_PATIENT = Qt.ItemDataRole.UserRole


class _Rows(QSortFilterProxyModel):
    """Accepts rows that contain all search words, except the patient's while hidden."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._hides_patient = False

    def seek(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange()

    def hide_patient(self, hidden: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        self.beginFilterChange()
        self._hides_patient = hidden
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]  # noqa: N802  (Qt's name)
        model = self.sourceModel()
        name, value = (model.index(row, column, parent) for column in (0, 1))
        if self._hides_patient and name.data(_PATIENT):
            return False
        text = f"{name.data()} {value.data()}".casefold()
        return all(word in text for word in self._words)


class HeaderPanel(QDialog):
    """A window beside the main one that shows the header of whichever scan is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._patient_hidden = False
        self.setWindowTitle("Header")
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find in names and values")
        self.search.setAccessibleName("Find in the header")
        self.search.setClearButtonEnabled(True)
        self._model = QStandardItemModel(0, 2, self)
        self._model.setHorizontalHeaderLabels(["Element", "Value"])
        self._rows = _Rows(self)
        self._rows.setSourceModel(self._model)
        self.table = RowTable()
        self.table.setModel(self._rows)
        self.table.setAccessibleName("Header")
        self.table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.table.horizontalHeader().setStretchLastSection(True)
        letter = self.table.fontMetrics().averageCharWidth()
        self.table.setColumnWidth(0, _NAME_LETTERS * letter)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)  # the file's order at first
        self.note = paragraph(role="quiet")
        self.copy = QPushButton("Copy value")
        self.copy.setAutoDefault(False)
        self.copy.setToolTip(f"Copy the selected values ({CONTROL}+C).")
        copy = QAction("Copy value", self.table)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.addAction(copy)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        layout = QVBoxLayout(self)
        for part in (self.search, self.table, self.note, buttons):
            layout.addWidget(part, 1 if part is self.table else 0)
        open_at(self, *_SIZE)
        buttons.rejected.connect(self.reject)
        self.search.textChanged.connect(self._seek)
        for signal in (copy.triggered, self.copy.clicked):
            signal.connect(self.copy_values)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.show_scan(None)

    def show_scan(self, scan: Scan | None) -> None:
        """List a scan's header or, for a file without one, the known facts.

        Rows are kept where the elements are the same, so that an element that the reader is
        looking at stays in view from slice to slice.
        """
        self._scan = scan
        facts = {} if scan is None else scan.header or scan.metadata
        listed = [self._model.item(row).text() for row in range(self._model.rowCount())]
        if listed != list(facts):
            self._model.setRowCount(0)
            for name in facts:
                self._model.appendRow([QStandardItem(name), QStandardItem()])
        for row, (name, text) in enumerate(facts.items()):
            self._model.item(row).setData(name in scan.header_patient, _PATIENT)
            value = self._model.item(row, 1)
            value.setText(text)
            value.setToolTip(plain_tip(text))
        self._rows.hide_patient(self._patient_hidden)  # also among the new rows
        self._say()
        self._selected()

    def set_patient_hidden(self, hidden: bool) -> None:  # noqa: FBT001  (a Qt-style setter)
        """Hide or show the elements that may identify the patient."""
        if hidden == self._patient_hidden:
            return  # called at every step while the window is dragged
        self._patient_hidden = hidden
        self._rows.hide_patient(hidden)
        self._say()

    def shown(self) -> list[tuple[str, str]]:
        """Return the visible (name, value) rows."""
        return [
            (self._rows.index(row, 0).data(), self._rows.index(row, 1).data())
            for row in range(self._rows.rowCount())
        ]

    def copy_values(self) -> None:
        """Copy the values of the selected rows, one per line."""
        rows = sorted(self.table.selectionModel().selectedRows(1), key=QModelIndex.row)
        if rows:
            QGuiApplication.clipboard().setText("\n".join(index.data() for index in rows))

    def _seek(self, text: str) -> None:
        self._rows.seek(text)
        self._say()

    def _selected(self) -> None:
        self.copy.setEnabled(self.table.selectionModel().hasSelection())

    def _say(self) -> None:
        scan = self._scan
        if scan is None:
            self.note.setText("No scan is open.")
            return
        parts = [f"{self._rows.rowCount()} of {self._model.rowCount()} elements."]
        if not scan.header:
            parts.append(f"A {scan.file_format} file has no patient header.")
        elif self._patient_hidden:
            parts.append(f"{len(scan.header_patient)} hidden (may identify the patient).")
        self.note.setText(" ".join(parts))

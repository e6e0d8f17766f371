"""The models of the library as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from btgui.engine.errors import ModelPackError
from btgui.engine.models.library import BrokenPack, ModelLibrary, name_of
from btgui.engine.models.pack import ModelPack
from btgui.views.text import percent_exactly, plain_tip
from btgui.views.theme import QUIET_TEXT

_HEADINGS = ("Name", "Network", "Accuracy", "Protocol", "From")
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ModelsTable(QAbstractTableModel):
    """One row per model, then one per unusable folder; names of the user's models are editable.

    Signals
    -------
    renamed(str)
        The model with this id has a new name.
    refused(str)
        A model cannot be renamed, for the reason given.
    """

    renamed = Signal(str)
    refused = Signal(str)

    def __init__(self, library: ModelLibrary, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._in_use = ""
        self._held = False
        self._rows: list[ModelPack | BrokenPack] = []
        self.refresh()

    def refresh(self) -> None:
        """List the library again."""
        self.beginResetModel()
        self._rows = [*self._library.models(), *self._library.broken()]
        self.endResetModel()

    def set_in_use(self, model_id: str) -> None:
        """Mark the model in use."""
        self._in_use = model_id
        if not self._rows:
            return
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))

    def hold(self, held: bool) -> None:  # noqa: FBT001  (the new state)
        """Prevent renaming while a task works on the models' files."""
        self._held = held

    def entry(self, row: int) -> ModelPack | BrokenPack:
        """Return the model or the unusable folder in a row."""
        return self._rows[row]

    def row_of(self, model_id: str) -> int:
        """Return the row of a model, or -1."""
        for row, entry in enumerate(self._rows):
            if isinstance(entry, ModelPack) and entry.card.id == model_id:
                return row
        return -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """Return the number of models and unusable folders."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802  (Qt's name)
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(  # noqa: N802  (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401  (whatever the role holds)
        """Return a column's heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _HEADINGS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return the default flags, and make the names of the user's own models editable."""
        flags = super().flags(index)
        entry = self._rows[index.row()] if index.isValid() else None
        users = isinstance(entry, ModelPack) and self._library.is_users(entry)
        if index.column() == 0 and users and not self._held:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a cell's text, tooltip, colour or font."""
        entry = self._rows[index.row()]
        if role == Qt.ItemDataRole.EditRole and isinstance(entry, ModelPack):
            return entry.card.name
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(entry)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._texts(entry)[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and isinstance(entry, BrokenPack):
            return QUIET_TEXT
        if role == Qt.ItemDataRole.FontRole and index.column() == 0 and self._is_in_use(entry):
            bold = QFont()
            bold.setBold(True)
            return bold
        return None

    def setData(  # noqa: N802  (Qt's name)
        self,
        index: Index,
        value: Any,  # noqa: ANN401  (what an editor holds)
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Rename a model."""
        entry = self._rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or not isinstance(entry, ModelPack):
            return False
        if str(value) == entry.card.name:
            return True
        if self._held:  # a task began after the editor was opened
            self.refused.emit("Models are being added or saved. Try again when this is done.")
            return False
        try:
            self._rows[index.row()] = self._library.rename(entry.card.id, str(value))
        except ModelPackError as error:
            self.refused.emit(str(error))
            return False
        self.dataChanged.emit(index, index)
        self.renamed.emit(entry.card.id)
        return True

    def _is_in_use(self, entry: ModelPack | BrokenPack) -> bool:
        return isinstance(entry, ModelPack) and entry.card.id == self._in_use

    def _texts(self, entry: ModelPack | BrokenPack) -> tuple[str, ...]:
        if isinstance(entry, BrokenPack):
            return (name_of(entry), "cannot be used", "", "", "")
        card, result = entry.card, entry.card.main_result
        without = "partly tested" if card.results else "not tested"
        return (
            f"{card.name} (in use)" if self._is_in_use(entry) else card.name,
            card.architecture,
            percent_exactly(result.accuracy) if result else without,
            result.protocol if result else "",
            "you" if self._library.is_users(entry) else "btgui",
        )

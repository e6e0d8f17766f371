"""The filter of a folder's table: a search field and a choice of one kind of result."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from btgui.engine.exports.folder_table import ResultRow
from btgui.views.actions import set_tip_with_keys
from btgui.views.folder.results_model import FolderResultsModel, Kind
from btgui.views.text import DOUBTED, counted
from btgui.views.theme import class_colour
from btgui.views.widgets.elided_box import ElidedBox
from btgui.views.widgets.labels import plain_label
from btgui.views.widgets.wheel_guard import guard_wheel

_FEWEST_LETTERS = 14  # characters of a class that are visible
_ALL = "All verdicts"


class SearchLine(QLineEdit):
    """A search field that Esc clears; in an empty one, Esc is the window's and stops reading."""

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window's actions while there is text to clear."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and event.key() == Qt.Key.Key_Escape and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Clear the text on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class FolderFilter(QWidget):
    """A search field and a list of kinds, which filter the rows of a table.

    Signals
    -------
    changed()
        The set of visible rows may have changed.
    """

    changed = Signal()

    def __init__(self, model: FolderResultsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._kinds: list[Kind | None] = [None]
        self.search = SearchLine()
        self.search.setAcceptDrops(False)  # drops are for the window
        self.search.setPlaceholderText("Find in names, verdicts and remarks")
        self.search.setAccessibleName("Find in the results")
        tip = "Show only rows with all these words; Esc clears them"
        set_tip_with_keys(self.search, tip, "find_result")
        self.search.setClearButtonEnabled(True)
        self.kind = ElidedBox(_FEWEST_LETTERS)  # a class may have a long name
        self.kind.setAccessibleName("Which results")
        self.kind.setToolTip("Show only one verdict, doubtful verdicts, or scans not read.")
        guard_wheel(self.kind)
        self.count = plain_label(role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.search, 1)
        row.addWidget(self.kind)
        row.addWidget(self.count)
        self.search.textChanged.connect(self._apply)
        self.kind.currentIndexChanged.connect(self._apply)
        model.added.connect(self._tell)
        self.hide()

    def start(self, classes: tuple[str, ...], display_names: tuple[str, ...]) -> None:
        """Offer a model's classes, and show all rows."""
        named = list(zip(classes, display_names, strict=True))
        self._kinds = [None, *(_of_class(name) for name, _ in named), _is_doubtful, _is_unread]
        with QSignalBlocker(self.kind):
            self.kind.clear()
            self.kind.addItem(_ALL)
            for index, (_, words) in enumerate(named):
                self.kind.addItem(words)
                self.kind.setItemData(
                    index + 1, class_colour(index), Qt.ItemDataRole.DecorationRole
                )
            self.kind.addItem(f"Doubtful{DOUBTED}")
            self.kind.addItem("Not read")
        self.search.clear()
        self._apply()
        self.show()

    def hides_rows(self) -> bool:
        """Whether any rows are hidden."""
        return self._model.rowCount() < self._model.total()

    def words(self) -> str:
        """Return how many rows are shown: "12 of 49 scans"."""
        total = counted(self._model.total(), "scan")
        return f"{self._model.rowCount():,} of {total}" if self.hides_rows() else total

    def _apply(self) -> None:
        self._model.show_only(self.search.text(), self._kinds[max(self.kind.currentIndex(), 0)])
        self._tell()

    def _tell(self) -> None:
        self.count.setText(self.words())
        self.changed.emit()


def _of_class(name: str) -> Kind:
    return lambda row: row.verdict == name


def _is_doubtful(row: ResultRow) -> bool:
    return bool(row.remark)


def _is_unread(row: ResultRow) -> bool:
    return not row.verdict

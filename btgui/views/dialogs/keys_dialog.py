"""The dialog in which users choose their own keys for every action."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from btgui.views.actions import ACTIONS, keys_in_use, shown_keys
from btgui.views.widgets.labels import paragraph
from btgui.views.window_state import open_at

_SIZE = (620, 640)
_GAP = 16
_NAME = Qt.ItemDataRole.UserRole
_BY_NAME = {text.name: text for text in ACTIONS}
_MENUS = {f"Alt+{text.menu[0]}": text.menu for text in ACTIONS}
_STRAYS = {"Tab", "Shift+Tab", "Return", "Enter", "Backspace"}


class KeysDialog(QDialog):
    """Every action with its keys; the user presses new keys, which are to apply at once.

    Signals
    -------
    keys_changed(dict)
        The user's own keys by action, "" for none; actions with their defaults are left out.
    """

    keys_changed = Signal(dict)

    def __init__(self, own: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change keys")
        self._own = dict(own)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find an action")
        self.search.setAccessibleName("Find an action")
        self.search.setClearButtonEnabled(True)
        self.list = QTreeWidget()
        self.list.setHeaderLabels(["Action", "Menu", "Keys"])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAccessibleName("Actions")
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.edit.setAccessibleName("New keys")
        self.edit.setToolTip("Click here and press the new keys.")
        self.none = QPushButton("No keys")
        self.default = QPushButton("Default")
        self.all_defaults = QPushButton("All defaults")
        self.all_defaults.setToolTip("Restore the default keys of every action.")
        self.message = paragraph()
        for button in (self.none, self.default, self.all_defaults):
            button.setAutoDefault(False)
        self._lay_out()
        self._fill()
        self.search.textChanged.connect(self._filter)
        self.list.currentItemChanged.connect(self._choose)
        self.edit.editingFinished.connect(self._set_pressed)
        self.none.clicked.connect(lambda: self._set(QKeySequence()))
        self.default.clicked.connect(self._set_default)
        self.all_defaults.clicked.connect(self._reset)
        self.list.setCurrentItem(self._items()[0])
        self.search.setFocus()

    def set_own(self, own: Mapping[str, str]) -> None:
        """Show these own keys of the user, which another window may have changed."""
        if own != self._own:
            self._own = dict(own)
            self._show_keys()
            self._choose()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        label = QLabel("New keys")
        label.setBuddy(self.edit)
        row.addWidget(label)
        row.addWidget(self.edit, 1)
        row.addWidget(self.none)
        row.addWidget(self.default)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.all_defaults, QDialogButtonBox.ButtonRole.ResetRole)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)
        layout.addWidget(self.message)
        layout.addWidget(buttons)
        open_at(self, *_SIZE)

    def _fill(self) -> None:
        self.list.ensurePolished()  # the style sheet sets the rows' height, which is measured once
        for text in ACTIONS:
            item = QTreeWidgetItem([text.text.removesuffix(" …"), text.menu, ""])
            item.setData(0, _NAME, text.name)
            item.setToolTip(0, text.tip)
            self.list.addTopLevelItem(item)
        self._show_keys()
        for column in (0, 1):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, self.list.columnWidth(column) + _GAP)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _show_keys(self) -> None:
        keys = keys_in_use(self._own)
        for item in self._items():
            name = item.data(0, _NAME)
            item.setText(2, shown_keys(QKeySequence(keys[name])))
            font = item.font(2)
            font.setBold(name in self._own)
            item.setFont(2, font)

    def _filter(self, sought: str) -> None:
        words = sought.casefold().split()
        for item in self._items():
            text = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(not all(word in text for word in words))
        current = self.list.currentItem()
        if current is None or current.isHidden():  # a hidden action must not get keys
            seen = (item for item in self._items() if not item.isHidden())
            self.list.setCurrentItem(next(seen, None))

    def _current(self) -> str:
        item = self.list.currentItem()
        return item.data(0, _NAME) if item is not None else ""

    def _choose(self) -> None:
        name = self._current()
        self.message.clear()
        self.edit.setKeySequence(QKeySequence(keys_in_use(self._own).get(name, "")))
        default = shown_keys(QKeySequence(_BY_NAME[name].keys)) if name else ""
        self.default.setToolTip(f"Restore {default}.")

    def _set_pressed(self) -> None:
        pressed = self.edit.keySequence()
        if pressed.toString() != keys_in_use(self._own).get(self._current(), ""):
            self._set(pressed)

    def _set_default(self) -> None:
        if name := self._current():
            self._set(QKeySequence(_BY_NAME[name].keys))

    def _set(self, sequence: QKeySequence) -> None:
        """Give the chosen action these keys, or say why it cannot have them."""
        name, keys = self._current(), sequence.toString()
        if not name:
            return
        if problem := self._problem(name, keys):
            self._choose()
            self._show_message(problem, warning=True)
            return
        if keys == QKeySequence(_BY_NAME[name].keys).toString():
            self._own.pop(name, None)
        else:
            self._own[name] = keys
        self._publish()
        label = _BY_NAME[name].text.removesuffix(" …")
        self._show_message(f"{label}: {shown_keys(sequence) or 'no keys'}.", warning=False)

    def _problem(self, name: str, keys: str) -> str:
        """Return why the action cannot have these keys; "" if it can."""
        if keys in _STRAYS:
            return f"{keys} is needed within the window and cannot be given to an action."
        if keys in _MENUS:
            return f"{keys} opens the menu {_MENUS[keys]}. Choose other keys."
        for other, taken in keys_in_use(self._own).items():
            if keys and other != name and QKeySequence(taken).toString() == keys:
                holder = _BY_NAME[other].text.removesuffix(" …")
                return (
                    f"{keys} is taken by “{holder}”. Choose other keys, or change its keys first."
                )
        return ""

    def _reset(self) -> None:
        self._own.clear()
        self._publish()
        self._show_message("Every action has its default keys.", warning=False)

    def _publish(self) -> None:
        self._show_keys()
        self._choose()
        self.keys_changed.emit(dict(self._own))

    def _show_message(self, text: str, *, warning: bool) -> None:
        self.message.setProperty("role", "warning" if warning else "quiet")
        self.message.style().polish(self.message)
        self.message.setText(text)

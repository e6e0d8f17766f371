"""The name of the model to train: derived from the network until the user types one."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from btgui.engine.models.names import LONGEST_NAME, free_model_name
from btgui.views.widgets.labels import paragraph


class ModelName(QWidget):
    """A text field and, below it, the reason why a name cannot be used.

    Signals
    -------
    changed()
        The name has changed, or the names that are taken.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.complaint = paragraph(role="warning")
        self._taken: frozenset[str] = frozenset()
        self.line.setMaxLength(LONGEST_NAME)
        self.line.setAccessibleName("Name")
        self.complaint.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line)
        layout.addWidget(self.complaint)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._check)

    def show_name(self, name: str, taken: Collection[str], *, typed: bool) -> None:
        """Show a name, "" for none; ``taken`` are other models' names, ``typed`` as in a draft."""
        self._taken = frozenset(taken)
        self.line.setText(name)
        self.line.setModified(typed and bool(name))
        self._check()

    def suggest(self, name: str) -> None:
        """Show this name, or the next free one like it, unless the user has typed one."""
        if not self.is_typed():
            self.line.setText(free_model_name(name, self._taken))

    def is_typed(self) -> bool:
        """Whether the user typed the name."""
        return self.line.isModified()

    def text(self) -> str:
        """Return the name."""
        return self.line.text().strip()

    def will_do(self) -> bool:
        """Whether the name is not empty and no other model has it."""
        return bool(self.text()) and self.text() not in self._taken

    def _check(self) -> None:
        self.complaint.setText(
            f"Another model is already called {self.text()}. Choose another name."
            if self.text()
            else "A model needs a name."
        )
        self.complaint.setVisible(not self.will_do())
        self.changed.emit()

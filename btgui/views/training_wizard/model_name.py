"""The name of a model in the making: it follows the network until the user types one."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from btgui.engine.models.names import LONGEST_NAME, free_model_name
from btgui.views.widgets.labels import paragraph


class ModelName(QWidget):
    """A line to type in, and below it why a name will not do.

    Signals
    -------
    changed()
        Another name is shown.
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
        """Show a name that the user typed before, or none; ``taken`` are other models' names."""
        self._taken = frozenset(taken)
        self.line.setText(name)
        self.line.setModified(typed and bool(name))
        self._check()

    def suggest(self, name: str) -> None:
        """Take this name, or the next free one like it, unless the user has typed one."""
        if not self.is_typed():
            self.line.setText(free_model_name(name, self._taken))

    def is_typed(self) -> bool:
        """Whether the user typed it."""
        return self.line.isModified()

    def text(self) -> str:
        """Return the name."""
        return self.line.text().strip()

    def will_do(self) -> bool:
        """Whether it is a name and no other model's."""
        return bool(self.text()) and self.text() not in self._taken

    def _check(self) -> None:
        self.complaint.setText(
            f"Another model is called {self.text()} already. Choose another name."
            if self.text()
            else "A model needs a name."
        )
        self.complaint.setVisible(not self.will_do())
        self.changed.emit()

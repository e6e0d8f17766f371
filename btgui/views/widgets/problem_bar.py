"""A bar for errors and warnings, which stay until the user closes them or they are withdrawn."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from btgui.engine.notifications import Notification
from btgui.views.widgets.labels import paragraph

_FINDINGS = {"error": "stop", "warning": "alarm"}  # the style sheet's names for an edge's colour


class ProblemBar(QFrame):
    """Shows the latest problem; closing it brings back the previous one, until none is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: list[Notification] = []
        self.text = paragraph()
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QPushButton("Close")
        self.close_button.setToolTip("Dismiss this message.")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self.text, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.close_button.clicked.connect(self._close_newest)
        self.hide()

    def show_problem(self, problem: Notification) -> None:
        """Show an error or a warning; the same problem is kept only once."""
        self._problems = [one for one in self._problems if one != problem] + [problem]
        self._show()
        # Makes screen readers announce the problem, although nothing here has the focus.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def withdraw(self, problem: Notification) -> None:
        """Remove a problem that no longer applies."""
        if problem in self._problems:
            self._problems.remove(problem)
            self._show()

    def _close_newest(self) -> None:
        self._problems.pop()
        self._show()

    def _show(self) -> None:
        if not self._problems:
            self.hide()
            return
        problem, count = self._problems[-1], len(self._problems)
        text = f"{problem.text} (1 of {count})" if count > 1 else problem.text
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setProperty("finding", _FINDINGS[problem.level])
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

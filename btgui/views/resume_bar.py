"""A bar that offers earlier training runs that wait for the user."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from btgui.engine.training_runs.runs import TrainingRun
from btgui.views.widgets.labels import paragraph


class ResumeBar(QFrame):
    """Offers, for one run after the other, to resume, discard or postpone it.

    Signals
    -------
    chosen(TrainingRun)
        The user wants to resume this run, or to see its model or why it cannot be resumed.
    discard_requested(TrainingRun)
        The user wants to discard this run, if confirmed; the bar stays until runs are offered again.
    """

    chosen = Signal(object)
    discard_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._runs: list[TrainingRun] = []
        self._place = 0
        self.text = paragraph()
        self.go_on = QPushButton()
        self.discard = QPushButton("Discard …")
        self.later = QPushButton("Later")
        self.later.setToolTip("Models, Interrupted training … brings it back.")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self.text, 1)
        for button in (self.go_on, self.discard, self.later):
            row.addWidget(button)
        self.go_on.clicked.connect(self._choose)
        self.discard.clicked.connect(lambda: self.discard_requested.emit(self._runs[self._place]))
        self.later.clicked.connect(self._next)
        self.hide()

    def offer(self, runs: Sequence[TrainingRun]) -> None:
        """Show the first of these earlier runs, followed by the others; hide if there are none."""
        self._runs, self._place = list(runs), 0
        self._show()

    def _show(self) -> None:
        if self._place >= len(self._runs):
            self.hide()
            return
        run, count = self._runs[self._place], len(self._runs)
        name = run.request.name
        if run.is_finished:
            text = f"The training of {name} is finished; its model waits for your decision."
            self.go_on.setText("See the result")
        elif run.refusal:
            text = f"The training of {name} cannot be resumed as it is."
            self.go_on.setText("See why")
        else:
            text = f"The training of {name} was interrupted {run.where_interrupted}. {run.failure}"
            self.go_on.setText("Resume")
        place = f"({self._place + 1} of {count})" if count > 1 else ""
        self.text.setText(f"{text} {place}".strip())
        self.show()

    def _choose(self) -> None:
        self.hide()
        self.chosen.emit(self._runs[self._place])

    def _next(self) -> None:
        self._place += 1
        self._show()

"""A quiet bar: a training of before waits for the user."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from btgui.engine.training_runs import TrainingRun


class ResumeBar(QFrame):
    """Offers to go on with a run, to throw it away, or to be left in peace.

    Signals
    -------
    chosen(TrainingRun)
        The user wants to go on with it, or to look at its model.
    discarded(TrainingRun)
        The user does not want it any more.
    """

    chosen = Signal(object)
    discarded = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._run: TrainingRun | None = None
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)  # trainings are named by the user
        self.go_on = QPushButton()
        self.discard = QPushButton("Discard")
        self.later = QPushButton("Later")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self.text, 1)
        for button in (self.go_on, self.discard, self.later):
            row.addWidget(button)
        self.go_on.clicked.connect(lambda: self._tell(self.chosen.emit))
        self.discard.clicked.connect(lambda: self._tell(self.discarded.emit))
        self.later.clicked.connect(self.hide)
        self.hide()

    def offer(self, run: TrainingRun) -> None:
        """Show a run of before."""
        self._run = run
        name, epochs = run.request.name, run.request.recipe.epochs
        if run.is_finished:
            self.text.setText(f"The training of {name} is done; its model waits for your decision.")
            self.go_on.setText("See the result")
        else:
            self.text.setText(
                f"The training of {name} was interrupted after epoch {run.epochs_done} of {epochs}."
            )
            self.go_on.setText("Go on")
        self.show()

    def _tell(self, emit: Callable[[TrainingRun], None]) -> None:
        self.hide()
        if self._run is not None:
            emit(self._run)

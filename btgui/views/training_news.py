"""What the window says of a training while its wizard is not seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from btgui.engine.notifications import Notification, mention, notify
from btgui.engine.training_runs.runs import TrainingRun
from btgui.workers.training_process import Ending


class TrainingNews(QObject):
    """A button that shows how far a run is, and words for how it ended.

    Signals
    -------
    problem_over(str)
        An error that was told is none any more.
    """

    problem_over = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problem = ""
        self._broken_off: TrainingRun | None = None  # the run that the problem is of
        self.indicator = QPushButton()
        self.indicator.setFlat(True)
        self.indicator.setToolTip("Show the training.")
        self.indicator.hide()

    def begin(self) -> None:
        """Say that a run is at work; what was told of one before is over."""
        self._problem_is_over()
        self.indicator.setText("Training …")
        self.indicator.show()

    def end(self, run: TrainingRun, ending: Ending, *, deleted: bool, seen: bool) -> None:
        """Say how a run ended.

        Parameters
        ----------
        deleted
            Whether it is being deleted, as the user wished.
        seen
            Whether the user sees it in the wizard.
        """
        training = f"The training of {run.request.name}"
        self.indicator.hide()
        if deleted:
            mention(f"{training} has ended.")
        elif ending.how == "stopped":
            mention(f"{training} {ending.outcome}")
        elif ending.how == "succeeded":
            self._keep_showing("Training done", seen=seen)
            mention(f"{training} is done: see how good it is.")
        else:
            self._keep_showing("Training broke off", seen=seen)
            mention(f"{training} {ending.outcome}")
            self._broken_off = run
            self._problem = f"{training} {ending.outcome} {ending.text}"
            notify(Notification("error", self._problem))

    def withdraw(self, shown: TrainingRun | None) -> None:
        """Say no more of runs that were decided on; none is at work, the wizard shows this one."""
        if shown is None or not shown.asked.exists():
            self.indicator.hide()
        if self._broken_off is not None and not self._broken_off.asked.exists():
            self._problem_is_over()

    def _keep_showing(self, ending: str, *, seen: bool) -> None:
        if not seen:
            self.indicator.setText(ending)
            self.indicator.show()

    def _problem_is_over(self) -> None:
        if self._problem:
            self.problem_over.emit(self._problem)
        self._problem, self._broken_off = "", None

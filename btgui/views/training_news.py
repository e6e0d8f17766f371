"""What the main window shows of a training while the wizard is out of view."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from btgui.engine.notifications import Notification, mention, notify
from btgui.engine.training_runs.runs import TrainingRun
from btgui.workers.training_process import Ending


class TrainingNews(QObject):
    """A button that shows the progress of a run, and messages about its end.

    Signals
    -------
    problem_over(str)
        The error reported with this message no longer holds.
    """

    problem_over = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problem = ""
        self._broken_off: TrainingRun | None = None  # the run that the problem concerns
        self.indicator = QPushButton()
        self.indicator.setFlat(True)
        self.indicator.setToolTip("Show the training.")
        self.indicator.hide()

    def begin(self) -> None:
        """Show that a run is in progress, and withdraw the problem of an earlier one."""
        self._problem_is_over()
        self.indicator.setText("Training …")
        self.indicator.show()

    def end(self, run: TrainingRun, ending: Ending, *, deleted: bool, seen: bool) -> None:
        """Report how a run ended.

        Parameters
        ----------
        deleted
            Whether the run is being deleted at the user's request.
        seen
            Whether the wizard, which shows the end too, is the active window.
        """
        training = f"The training of {run.request.name}"
        self.indicator.hide()
        if deleted:
            mention(f"{training} has ended.")
        elif ending.how == "stopped":
            mention(f"{training} {ending.outcome}")
        elif ending.how == "succeeded":
            self._keep_showing("Training done", seen=seen)
            mention(f"{training} is finished: see how good the model is.")
        else:
            self._keep_showing("Training failed", seen=seen)
            mention(f"{training} {ending.outcome}")
            self._broken_off = run
            self._problem = f"{training} {ending.outcome} {ending.text}"
            notify(Notification("error", self._problem))

    def withdraw(self, shown: TrainingRun | None) -> None:
        """Withdraw messages on runs that were decided on, while no run is in progress.

        ``shown`` is the run that the wizard shows, if any.
        """
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

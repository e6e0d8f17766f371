"""The training page: the run's curves and figures, and the buttons that control it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.datasets.dataset import classes_of
from btgui.engine.errors import BtguiError
from btgui.engine.models.names import free_model_name
from btgui.engine.training_runs.events import Command, Event, Paused, StepDone
from btgui.engine.training_runs.runs import TrainingRun, discard
from btgui.views.dialogs.questions import ask_to_discard
from btgui.views.text import percent_exactly
from btgui.views.training_wizard.anew_question import AnewQuestion
from btgui.views.training_wizard.changed_settings import changed_settings
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.run_draft import GONE, begin_run_of
from btgui.views.training_wizard.run_panel import RunPanel
from btgui.views.training_wizard.summary_label import SummaryLabel
from btgui.views.widgets.labels import paragraph
from btgui.workers.background import Background
from btgui.workers.training_process import Ending, TrainingProcess

_HINT = "You can close this window and read scans meanwhile: the training continues."
_PAUSING = "Pausing at the next step …"
_HINT_AT_REST = "You can close this window: what the network has learned is kept."


class TrainingPage(Page):
    """Starts a run, shows its state, and sends it the user's commands.

    Signals
    -------
    run_began(TrainingRun)
        A run was started or resumed.
    run_told(str)
        A short line on the run's progress, for windows other than the wizard.
    run_ended(TrainingRun, Ending)
        The run has ended; if the user discarded it, it is now being deleted.
    """

    run_began = Signal(object)
    run_told = Signal(str)
    run_ended = Signal(object, object)

    shows_run = True
    title = "Training"
    hint = _HINT

    def __init__(
        self,
        process: TrainingProcess,
        names: Callable[[], Collection[str]] = tuple,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.process = process
        self._names = names
        self.run: TrainingRun | None = None
        self._draft = Draft()
        self._paused = self._discarding = False
        self._ending = ""  # the text shown between a command to end and the run's end
        self._share = ""  # the progress in percent, where it is known
        self._changes: list[str] = []
        self._deletion = Background(self)  # a run folder may hold gigabytes
        self.summary = SummaryLabel()
        self.begin = QPushButton("Start the training")
        self.panel = RunPanel()
        self.pause = QPushButton("Pause")
        self.finish = QPushButton("Stop after this epoch, keep the best")
        self.keep_best = QPushButton("Keep the best epoch")
        self.later = QPushButton("Stop for now")
        self.throw_away = QPushButton()
        self.resume = QPushButton()
        self.changed = paragraph(role="warning")
        self.anew = QPushButton("Start over with these …")
        self.more = QPushButton("Details")
        self.log = QPlainTextEdit()
        self._lay_out()
        self.begin.clicked.connect(self._begin)
        self.resume.clicked.connect(self._go_on)
        self.pause.clicked.connect(self._pause_or_continue)
        self.finish.clicked.connect(self._finish)
        self.keep_best.clicked.connect(lambda: self._go_on(keep_best=True))
        self.later.clicked.connect(self.stop_for_now)
        self.throw_away.clicked.connect(self._ask_and_discard)
        self.anew.clicked.connect(self._ask_and_start_anew)
        self.more.toggled.connect(self.log.setVisible)
        process.event_arrived.connect(self._take)
        process.ended.connect(self._ended)
        self._deletion.succeeded.connect(lambda then: then())
        self._deletion.failed.connect(self._not_deleted)
        self._offer()

    def enter(self, draft: Draft) -> None:
        """Show a summary of the draft, or its run where it has one."""
        self._draft = draft
        run = self.run
        # The run belongs to another draft, or another window has decided on it.
        is_gone = run is not None and (run.folder != draft.run_folder or not run.asked.exists())
        if is_gone and not self.busy():
            self.run = None
        self._sum_up()
        self._changes = changed_settings(draft, self.run.request) if self.run else []
        self._offer()

    def is_complete(self) -> bool:
        """Whether the run has finished, so that its model can be measured."""
        return self.run is not None and self.run.is_finished and not self.busy()

    def busy(self) -> bool:
        """Whether the run's process is at work, or the run is being deleted."""
        return self.process.is_running() or self._deletion.is_busy()

    def close_down(self) -> None:
        """Wait until a deletion has ended; the process is closed by its owner."""
        self._deletion.close()
        self.summary.close_down()

    def show_run(self, run: TrainingRun) -> None:
        """Show an earlier run, and offer to resume it where that is possible."""
        if run != self.run:
            self.log.clear()
        self.run = run
        self._changes = []
        count = max(2, len(run.request.display_names))
        self.panel.start(run.history(), run.request.recipe.epochs, count)
        if run.is_finished:
            self.panel.rest("This training is done.", done=True)
        elif why := run.refusal:
            self._rest_unfinished(Ending("refused", why))
        else:
            text = f"This training was interrupted {run.where_interrupted}. {run.failure}"
            self.panel.rest(f"{text.strip()} Resume it?")
        self._offer()

    def resume_run(self, run: TrainingRun) -> None:
        """Show an earlier run and resume it."""
        self.show_run(run)
        self._go_on()

    def forget_run(self) -> None:
        """Forget the run shown, to make room for another."""
        self.run = None
        self._changes = []
        self._offer()

    def stop_for_now(self) -> None:
        """Tell the run to write a checkpoint at the next step and to end."""
        self.process.tell(Command.STOP)
        self._end_with("Stopping at the next step …")

    def _sum_up(self, first: str = "") -> None:
        if self.run is None:
            self.summary.show_draft(self._draft, first)

    def _begin(self) -> None:
        if not self._draft.scans or self.busy():
            return
        try:
            run = begin_run_of(self._draft, self._names())
        except BtguiError as error:
            self.summary.show_problem(escape(str(error)))
            return
        self.run, self._draft.run_folder = run, run.folder
        classes = max(2, len(classes_of(self._draft.scans)))
        self.panel.start(run.history(), run.request.recipe.epochs, classes)
        self._start(run)

    def _go_on(self, *, keep_best: bool = False) -> None:
        if self.run is None or self.busy():
            return
        if self.run.asked.exists():
            self._start(self.run, keep_best=keep_best)
        else:
            self._forget_deleted(GONE)

    def _start(self, run: TrainingRun, *, keep_best: bool = False) -> None:
        self._share = ""
        self.log.clear()
        self.panel.say("Starting …")
        self.process.start(run.arguments(keep_best=keep_best))
        self.run_began.emit(run)
        self._offer()
        self.pause.setFocus()  # the button that was pressed is hidden

    def _take(self, event: Event) -> None:
        if self._discarding:
            return
        self.panel.take(event)
        if isinstance(event, StepDone):
            # The panel now shows the step; a command that was given meanwhile still holds.
            if text := self._ending or (_PAUSING if self._paused else ""):
                self.panel.say(text)
            self._share = f": {percent_exactly(event.share_done, 0)}"
            self._tell_how_far()
        elif isinstance(event, Paused) and self._paused:
            self.panel.hold("Paused.")
            self._tell_how_far()

    def _tell_how_far(self) -> None:
        going = f"Training{self._share or ' …'}"
        self.run_told.emit(f"Training paused{self._share}" if self._paused else going)

    def _ended(self, ending: Ending) -> None:
        run = self.run
        if run is None:
            return
        self.log.setPlainText(ending.log)
        if self._discarding:
            self._delete(run, self._forget_deleted)
        elif ending.how == "succeeded":
            self.panel.rest("Done. Choose Next to see the result.", done=True)
        elif ending.how == "stopped":
            self.panel.rest("Stopped. You can resume it at any time.")
        else:
            self._rest_unfinished(ending)
            if ending.how == "refused":
                run.note_refusal(ending.text)
            elif ending.how in {"failed", "killed"}:
                run.note_failure(ending.text)
        self._paused, self._discarding, self._ending = False, False, ""
        self._offer()
        self.run_ended.emit(run, ending)

    def _rest_unfinished(self, ending: Ending) -> None:
        self.panel.rest(f"The training {ending.outcome} {ending.text}")

    def _delete(self, run: TrainingRun, then: Callable[[], None]) -> None:
        def work(_stopped: Callable[[], bool]) -> Callable[[], None]:
            discard(run)
            return then

        self.panel.rest("Deleting the training …")
        self._deletion.start(work)
        self._offer()

    def _not_deleted(self, problem: str) -> None:
        self.panel.rest(problem)
        self._offer()

    def _forget_deleted(self, why: str = "") -> None:
        self._draft.run_folder = None
        self.forget_run()
        self._sum_up(why)

    def _pause_or_continue(self) -> None:
        self._paused = not self._paused
        self.process.tell(Command.PAUSE if self._paused else Command.CONTINUE)
        self.panel.say(_PAUSING if self._paused else "Continuing …")
        if not self._paused:
            self._tell_how_far()  # the next step may take long, or there may be none
        self._offer()

    def _finish(self) -> None:
        self._paused = False
        self._tell_how_far()
        self.process.tell(Command.FINISH)
        self._end_with("Stopping after this epoch; the best epoch becomes the model …")

    def _end_with(self, text: str) -> None:
        self._ending = text
        self.panel.say(text)
        self._offer()

    def _ask_and_start_anew(self) -> None:
        if self.run is not None:
            AnewQuestion(self.run.request.name, self._start_anew, self).open()

    def _start_anew(self, discarding: bool) -> None:  # noqa: FBT001  (an answer)
        if self.run is None or self.busy():
            return
        if discarding:
            self._delete(self.run, self._begin_another)
        else:
            self._draft.name = free_model_name(self._draft.name, self._names())
            self._begin_another()

    def _begin_another(self) -> None:
        self._forget_deleted()
        self._begin()

    def _ask_and_discard(self) -> None:
        first = "Stop the training and delete" if self.busy() else "Delete"
        ask_to_discard(
            self,
            "Discard the training",
            f"{first} everything that it has learned? This cannot be undone.",
            self._discard,
        )

    def _discard(self) -> None:
        if self.process.is_running():
            self._discarding = True
            self._end_with("Stopping …")
            # Nothing is kept, so there is no need to wait for the end of a step.
            self.process.kill()
        elif self.run is not None:
            self._delete(self.run, self._forget_deleted)

    def _offer(self) -> None:
        """Show and enable the buttons that apply to the current state."""
        running, deleting = self.process.is_running(), self._deletion.is_busy()
        has_run = self.run is not None
        finished = self.run is not None and self.run.is_finished
        self.hint = _HINT_AT_REST if has_run and not running else _HINT
        self.pages.setCurrentIndex(1 if has_run else 0)
        self.pause.setText("Continue" if self._paused else "Pause")
        for button in (self.pause, self.finish, self.later):
            button.setVisible(running)
            button.setEnabled(not self._ending)
        rests = self.run is not None and not running and not finished
        self.resume.setVisible(rests and not self.run.refusal)
        self.keep_best.setVisible(rests and self.run.epochs_done > 0)
        for button in (self.resume, self.keep_best, self.anew):
            button.setEnabled(not deleting)
        self.resume.setText("Resume as before" if self._changes else "Resume")
        self.throw_away.setVisible(has_run and not finished)
        self.throw_away.setText("Stop and discard …" if running else "Discard …")
        self.anew.setVisible(bool(self._changes) and not running)
        self.changed.setVisible(bool(self._changes))
        self.changed.setText(
            f"You changed these settings: {', '.join(self._changes)}. This training keeps the settings "
            f"that it began with."
        )
        self.throw_away.setEnabled(not self._discarding and not deleting)
        self.begin.setEnabled(bool(self._draft.scans) and not running)
        self.complete_changed.emit()

    def _lay_out(self) -> None:
        before = QWidget()
        column = QVBoxLayout(before)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.summary)
        row = QHBoxLayout()
        row.addWidget(self.begin)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        during = QWidget()
        column = QVBoxLayout(during)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.changed)
        column.addWidget(self.panel, 1)
        row = QHBoxLayout()
        for button in (self.anew, self.resume, self.keep_best):
            row.addWidget(button)
        for button in (self.pause, self.finish, self.later):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.more)
        row.addWidget(self.throw_away)
        column.addLayout(row)
        self.more.setCheckable(True)
        self.more.setToolTip("Show what the training's libraries printed, for troubleshooting.")
        self.log.setReadOnly(True)
        self.log.setMaximumHeight(110)
        self.log.setAccessibleName("What the training printed")
        self.log.hide()
        column.addWidget(self.log)
        self.pages = QStackedWidget()
        self.pages.addWidget(before)
        self.pages.addWidget(during)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        for button, tip in (
            (self.pause, "Pause the training to free the computer; it can continue later."),
            (self.finish, "Finish this epoch, then make a model of the best epoch so far."),
            (self.keep_best, "End the training: make a model of the best epoch so far."),
            (self.later, "Save the state and stop; you can resume another day."),
            (self.throw_away, "Delete at once what the training has learned."),
            (self.anew, "Train with the changed settings; asks what to do with this training."),
        ):
            button.setToolTip(tip)

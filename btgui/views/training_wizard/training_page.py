"""Training: the run's curves and figures, and what it can be told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
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
from btgui.views.training_wizard.run_summary import run_summary
from btgui.views.widgets.labels import paragraph
from btgui.workers.background import Background
from btgui.workers.training_process import Ending, TrainingProcess

_HINT = "You may close this window meanwhile and read scans: the training goes on."
_PAUSING = "Pausing at the next step …"
_HINT_AT_REST = "You may close this window: what has been learned is kept."


class TrainingPage(Page):
    """Starts a run, shows it, and passes on what the user wants of it.

    Signals
    -------
    run_began(TrainingRun)
        A run was started or gone on with.
    run_told(str)
        A short line of how far it is, for places where the page is not seen.
    run_ended(TrainingRun, Ending)
        It ended; if it is to be discarded, it is deleted now.
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
        self._ending = ""  # what the run was told to end with, until it has ended
        self._share = ""  # how far it is, where that is known
        self._changes: list[str] = []
        self._deletion = Background(self)  # gigabytes may lie there
        self.summary = QLabel()
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
        """Show what is going to be trained, or the run that there is."""
        self._draft = draft
        run = self.run
        # Of another draft, or decided on or discarded elsewhere.
        is_gone = run is not None and (run.folder != draft.run_folder or not run.asked.exists())
        if is_gone and not self.busy():
            self.run = None
        self._sum_up()
        self._changes = changed_settings(draft, self.run.request) if self.run else []
        self._offer()

    def is_complete(self) -> bool:
        """Whether there is a model to look at."""
        return self.run is not None and self.run.is_finished and not self.busy()

    def busy(self) -> bool:
        """Whether the run's process is at work, or the run is being deleted."""
        return self.process.is_running() or self._deletion.is_busy()

    def close_down(self) -> None:
        """Wait for what is being deleted; the process is its owner's to close."""
        self._deletion.close()

    def show_run(self, run: TrainingRun) -> None:
        """Show a run of before, to go on with it where it can."""
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
            told = f"This training was interrupted {run.where_interrupted}. {run.failure}"
            self.panel.rest(f"{told.strip()} Resume it?")
        self._offer()

    def resume_run(self, run: TrainingRun) -> None:
        """Go on with a run of before."""
        self.show_run(run)
        self._go_on()

    def forget_run(self) -> None:
        """Make room for another run."""
        self.run = None
        self._changes = []
        self._offer()

    def stop_for_now(self) -> None:
        """Write a checkpoint at the next step and end."""
        self.process.tell(Command.STOP)
        self._end_with("Stopping at the next step …")

    def _sum_up(self) -> None:
        if self.run is None:
            self.summary.setText(run_summary(self._draft))

    def _begin(self) -> None:
        if not self._draft.scans or self.busy():
            return
        try:
            run = begin_run_of(self._draft, self._names())
        except BtguiError as error:
            self.summary.setText(escape(str(error)))
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
            self._forget_deleted()
            self.summary.setText(f"{GONE}<br><br>{self.summary.text()}")

    def _start(self, run: TrainingRun, *, keep_best: bool = False) -> None:
        self._share = ""
        self.log.clear()
        self.panel.say("Starting …")
        self.process.start(run.arguments(keep_best=keep_best))
        self.run_began.emit(run)
        self._offer()

    def _take(self, event: Event) -> None:
        if self._discarding:
            return
        self.panel.take(event)
        if isinstance(event, StepDone):
            # It told of a step, not of what it was told meanwhile: that holds still.
            if told := self._ending or (_PAUSING if self._paused else ""):
                self.panel.say(told)
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
            self.panel.rest("Done. Go on to see how good it is.", done=True)
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

        self.panel.rest("Deleting what it has learned …")
        self._deletion.start(work)
        self._offer()

    def _not_deleted(self, problem: str) -> None:
        self.panel.rest(problem)
        self._offer()

    def _forget_deleted(self) -> None:
        self._draft.run_folder = None
        self.forget_run()
        self._sum_up()

    def _pause_or_continue(self) -> None:
        self._paused = not self._paused
        self.process.tell(Command.PAUSE if self._paused else Command.CONTINUE)
        self.panel.say(_PAUSING if self._paused else "Continuing …")
        if not self._paused:
            self._tell_how_far()  # no step may end for a long time, or none any more
        self._offer()

    def _finish(self) -> None:
        self._paused = False
        self._tell_how_far()
        self.process.tell(Command.FINISH)
        self._end_with("Ending with this epoch; the best one becomes the model …")

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
            f"{first} all that it has learned? This cannot be undone.",
            self._discard,
        )

    def _discard(self) -> None:
        if self.process.is_running():
            self._discarding = True
            self._end_with("Stopping …")
            # Nothing is to be kept: there is no need to wait for a step to end.
            self.process.kill()
        elif self.run is not None:
            self._delete(self.run, self._forget_deleted)

    def _offer(self) -> None:
        """Show the buttons that make sense now."""
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
            f"You changed the settings: {', '.join(self._changes)}. This training keeps those that "
            f"it began with."
        )
        self.throw_away.setEnabled(not self._discarding and not deleting)
        self.begin.setEnabled(bool(self._draft.scans) and not running)
        self.complete_changed.emit()

    def _lay_out(self) -> None:
        before = QWidget()
        column = QVBoxLayout(before)
        column.setContentsMargins(0, 8, 0, 0)
        self.summary.setWordWrap(True)
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
        self.more.setToolTip("What the training's libraries printed, for whoever looks into it.")
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
            (self.pause, "Let the computer rest; the training waits."),
            (self.finish, "Make a model of the best epoch so far; nothing is lost."),
            (self.keep_best, "Train no more: make a model of the best epoch so far."),
            (self.later, "Keep the state and end; go on with it another day."),
            (self.throw_away, "Delete what it learned, at once."),
            (self.anew, "Train with the changed settings; asks what becomes of this training."),
        ):
            button.setToolTip(tip)

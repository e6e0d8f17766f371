"""The result: the new model's figures beside those of the model in use, and what to do with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from btgui.engine.errors import BtguiError, ModelPackError, TrainingError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import ModelPack, read_card
from btgui.engine.training_runs.runs import TrainingRun, discard, runs
from btgui.engine.training_runs.start import model_folder, records_its_scans
from btgui.views.dialogs.questions import ask_to_discard
from btgui.views.evaluation_view.view import EvaluationView
from btgui.views.figures_runner import FiguresRunner
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.run_draft import GONE
from btgui.views.widgets.labels import paragraph, say_or_hide
from btgui.workers.background import Background

_TESTED = "tested"

_HINT = "Measured on scans that were kept out of this training."
_HINT_CHOSE = (
    "No scans were kept for a test: measured on those that chose the best epoch, so the figures are "
    "optimistic."
)

_UNSAVED = (
    "The figures could not be saved with the model, which will be added without them. Is the disk "
    "full?"
)
_CAUTION = (
    "This training started from a model that does not record which scans it was trained on. If scans "
    "measured here were among them, the figures look better than they are."
)
# Measured: docs/experiments.md, "Fine-tuning on the public data set alone".
_ELSEWHERE = (
    "These figures apply to scans like those of this training. On scans from other scanners and "
    "hospitals this model can be far worse than the one in use, even if it is better here. Before you "
    "use it there, keep it as a candidate and measure both on such scans: Models, Evaluate on my data …"
)


@dataclass(frozen=True)
class _Added:
    """A model that was added to the library, and whether it becomes the model in use.

    ``problem`` is why its run could not be deleted, "" if the run was deleted.
    """

    pack: ModelPack
    use: bool
    problem: str


class ResultPage(Page):
    """Measures the new model on scans that it was not trained on.

    Signals
    -------
    accepted(str, bool)
        The model with this id was added to the library; whether it becomes the model in use.
    another_requested()
        The user has decided on this model and wants to train another.
    """

    accepted = Signal(str, bool)
    another_requested = Signal()

    shows_run = True
    title = "Result"
    hint = _HINT

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._in_use = ""
        self._other = ""  # the model that was compared with, which was in use then
        self._why_alone = ""
        self._pack: Path | None = None
        self._draft = Draft()
        self.run: TrainingRun | None = None
        self._deciding = Background(self)
        self._decided: TrainingRun | None = None
        self.runner = FiguresRunner(EvaluationView())
        self.use = QPushButton("Use this model")
        self.keep = QPushButton("Keep as a candidate")
        self.throw_away = QPushButton("Discard …")
        self.another = QPushButton("Train another")
        self.message = paragraph()
        self.beside = paragraph(role="quiet")
        self.caution = paragraph(_CAUTION, "warning")
        self.elsewhere = paragraph(_ELSEWHERE, "warning")
        self._lay_out()
        self._deciding.succeeded.connect(
            lambda added: self._accepted(added) if added else self._deleted()
        )
        self._deciding.failed.connect(self._refused)
        self.runner.changed.connect(self._measured)
        self.use.clicked.connect(lambda: self._accept(use=True))
        self.keep.clicked.connect(lambda: self._accept(use=False))
        self.throw_away.clicked.connect(self._ask_and_discard)
        self.another.clicked.connect(self.another_requested)
        self._offer()

    def set_in_use(self, model_id: str) -> None:
        """Set the model to compare with, and what is said of the one that was compared with."""
        self._in_use = model_id
        self._say_what_is_in_use(model_id)

    def enter(self, draft: Draft) -> None:
        """Measure the draft's model, unless that has been done or the user has decided on it."""
        self._draft = draft
        if self._is_deciding_on(draft):
            return
        self._notice_if_gone()
        self.run = next((run for run in runs() if run.folder == draft.run_folder), None)
        if self.run is not None and self.run.is_finished and self._pack != self.run.pack:
            self._pack = self.run.pack
            self.message.clear()
            self.caution.setVisible(_starts_unrecorded(self.run.request.weights))
            self._measure(self.run)
        elif self.run is None and draft.run_folder is not None:
            draft.run_folder = None
            self.message.setText(GONE)
        self._offer()

    def busy(self) -> bool:
        """Whether the model is being measured, added to the library or deleted."""
        return self.runner.is_busy() or self._deciding.is_busy()

    def close_down(self) -> None:
        """Stop what runs, and wait for it."""
        self.runner.close_workers()
        self._deciding.close()

    def _is_deciding_on(self, draft: Draft) -> bool:
        """Whether the draft's run is being added or deleted, and may be half gone."""
        run = self.run
        return self._deciding.is_busy() and run is not None and run.folder == draft.run_folder

    def _measure(self, run: TrainingRun) -> None:
        other = self._model_in_use()
        self._other = other.card.id if other is not None else ""
        against, self._why_alone = _beside(run.pack, other)
        self._say_what_is_in_use(self._other)
        arguments = [str(run.pack), "--test-of", str(run.folder)]
        arguments += ["--save-to", str(_free(run.folder / _TESTED))]
        self.runner.measure([*arguments, *against])

    def _model_in_use(self) -> ModelPack | None:
        try:
            return self._library.default_model(self._in_use)
        except BtguiError:
            return None

    def _say_what_is_in_use(self, model_id: str) -> None:
        """Call the model that was compared with the model in use only if it has this id."""
        is_other = model_id == self._other
        self.runner.view.other_is_in_use = is_other
        say_or_hide(self.beside, self._why_alone if is_other else "")

    def _measured(self) -> None:
        self._notice_if_gone()
        figures, run = self.runner.figures, self.run
        is_test = figures is not None and not figures.chose
        if run is not None and is_test and not _tested(run) and not self.message.text():
            self.message.setText(_UNSAVED)
        self._offer()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Check whether the run still exists: another window may have decided on it."""
        super().showEvent(event)
        self._notice_if_gone()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Check again when the user comes back from another window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._notice_if_gone()

    def _notice_if_gone(self) -> bool:
        """Forget a run that another window has decided on; return whether this was so."""
        gone = self.run is not None and not self._deciding.is_busy() and not self.run.asked.exists()
        if gone:
            self._decided = self.run
            self._forget()
            self.message.setText(GONE)
            self._offer()
        return gone

    def _accept(self, *, use: bool) -> None:
        if self.run is None or self._notice_if_gone():
            return
        # Prefer the copy whose card holds the figures, where there is one.
        last = max(_tested(self.run), key=lambda card: card.stat().st_mtime_ns, default=None)
        source = last.parent if last else self.run.pack
        run, library = self.run, self._library
        self._decided = run
        self.message.setText("Adding the model to the library …")
        self._deciding.start(lambda _stopped: _add(library, source, run, use=use))
        self._offer()

    def _accepted(self, added: _Added) -> None:
        card, use = added.pack.card, added.use
        self._forget()
        self.message.setText(
            f"{card.name} was added to your models and made the model in use."
            if use
            else f"{card.name} was added to your models (Models, All models …)."
        )
        if use:
            self.set_in_use(card.id)
        if added.problem:
            self.message.setText(f"{self.message.text()} {added.problem}")
        self._offer()
        self.accepted.emit(card.id, use)

    def _refused(self, problem: str) -> None:
        self.message.setText(problem)
        self._notice_if_gone()
        self._offer()

    def _ask_and_discard(self) -> None:
        if self._notice_if_gone():
            return
        ask_to_discard(
            self, "Discard the model", "Delete this model? This cannot be undone.", self._discard
        )

    def _discard(self) -> None:
        if self.run is None:
            return
        run = self._decided = self.run
        self.message.setText("Deleting the model …")
        self._deciding.start(lambda _stopped: discard(run))
        self._offer()

    def _deleted(self) -> None:
        self._forget()
        self.message.setText("The model has been deleted.")
        self._offer()

    def _forget(self) -> None:
        """Forget the run that was decided on, unless another run is shown by now."""
        if self._decided is None or self.run is None or self.run.folder != self._decided.folder:
            return
        self.run = self._draft.run_folder = None

    def _offer(self) -> None:
        figures = self.runner.figures
        self.hint = _HINT_CHOSE if figures is not None and figures.chose else _HINT
        waits = self.run is not None and self.run.is_finished and not self.busy()
        for button in (self.use, self.keep, self.throw_away):
            button.setEnabled(waits)
            button.setVisible(self.run is not None)
        self.another.setVisible(self.run is None)
        self.elsewhere.setVisible(self.run is not None and figures is not None)
        self.complete_changed.emit()

    def _lay_out(self) -> None:
        for button, tip in (
            (self.use, "Add it to your models and read scans with it; you can switch back later."),
            (self.keep, "Add it to your models; the model in use does not change."),
            (self.throw_away, "Delete this model."),
            (self.another, "Start again by choosing scans."),
        ):
            button.setToolTip(tip)
        row = QHBoxLayout()
        row.addWidget(self.use)
        row.addWidget(self.keep)
        row.addWidget(self.another)
        row.addWidget(self.message, 1)
        row.addWidget(self.throw_away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for label in (self.caution, self.elsewhere, self.beside):
            label.hide()
            layout.addWidget(label)
        layout.addWidget(self.runner, 1)
        layout.addLayout(row)


def _add(library: ModelLibrary, source: Path, run: TrainingRun, *, use: bool) -> _Added:
    """Add a run's model to the library and delete the run, which is not needed any more."""
    pack = library.import_model(source)
    try:
        discard(run)
    except TrainingError as error:
        return _Added(pack, use, str(error))
    return _Added(pack, use, "")


def _beside(pack: Path, other: ModelPack | None) -> tuple[list[str], str]:
    """Return the arguments that compare with the model in use, and why there are none."""
    if other is None:
        return [], "Not compared with another model: none is in use."
    with suppress(ModelPackError):
        if read_card(pack).classes == other.card.classes:
            return ["--against", str(other.folder)], ""
    return [], f"Not compared with {other.card.name}, the model in use: its classes differ."


def _tested(run: TrainingRun) -> list[Path]:
    """Return the paths of the cards that hold a test of a run's model."""
    return list(run.folder.glob(f"{_TESTED}*/card.json"))


def _starts_unrecorded(weights: str) -> bool:
    """Whether a training started from a model that does not record which scans it was trained on."""
    start = model_folder(weights)
    try:
        return start is not None and not records_its_scans(start)
    except ModelPackError:
        return True


def _free(folder: Path) -> Path:
    number = 1
    while (place := folder.with_name(f"{folder.name}{number}")).exists():
        number += 1
    return place

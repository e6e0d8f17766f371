"""The training runs started in the window: their folders, progress and outcomes.

A run is a folder with the request (``asked.json``), the run's own state (written by
:mod:`training.fitting.checkpoints`) and, at the end, the model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from btgui.engine.disk.file_lock import LockHeldError, holding, is_held
from btgui.engine.disk.files import not_written, replacing
from btgui.engine.errors import TrainingError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.paths import user_data_folder
from btgui.engine.training_request import TrainingRequest

_ASKED, _CHECKPOINT, _LOCK = "asked.json", "checkpoint.json", "lock"
_REFUSAL, _FAILURE = "refusal.txt", "failure.txt"
_KINDS = ("loss", "accuracy", "validation_loss", "validation_accuracy")


@dataclass(frozen=True)
class TrainingRun:
    """One training run.

    Attributes
    ----------
    folder
        The folder of all the run's files.
    request
        The training request.
    """

    folder: Path
    request: TrainingRequest

    @property
    def asked(self) -> Path:
        """The file of the request, as the ``fit`` command reads it."""
        return self.folder / _ASKED

    @property
    def pack(self) -> Path:
        """The folder of the model that the run creates."""
        return Path(self.request.output)

    @property
    def is_finished(self) -> bool:
        """Whether the run has created its model."""
        return (self.pack / "card.json").is_file()

    @property
    def has_begun(self) -> bool:
        """Whether the ``fit`` command has started in the folder: then it needs ``--resume``."""
        return (self.folder / "request.json").is_file()

    @property
    def is_at_work(self) -> bool:
        """Whether a process, started by this or another window, is working on the run now."""
        return is_held(self.folder / _LOCK)

    @property
    def refusal(self) -> str:
        """A sentence on why the run cannot be resumed as it is; "" if it can."""
        return self._noted(_REFUSAL)

    @property
    def failure(self) -> str:
        """Sentences on why the run ended early; "" if the reason is not known."""
        return self._noted(_FAILURE)

    def note_refusal(self, why: str) -> None:
        """Store the reason why the run cannot be resumed as it is; errors of the disk are ignored."""
        self._note(_REFUSAL, why)

    def note_failure(self, why: str) -> None:
        """Store the reason why a run that can be resumed ended; errors of the disk are ignored."""
        self._note(_FAILURE, why)

    @property
    def epochs_done(self) -> int:
        """The number of epochs in the last checkpoint."""
        epoch = self._state().get("epoch", 0)
        return epoch if isinstance(epoch, int) else 0

    @property
    def where_interrupted(self) -> str:
        """The point of the interruption in words: "after epoch 3 of 12"."""
        if done := self.epochs_done:
            return f"after epoch {done} of {self.request.recipe.epochs}"
        return "in its first epoch" if self.has_begun else "before it began"

    def history(self) -> dict[str, list[float]]:
        """Return losses and accuracies of the epochs that are done, as lists of equal length."""
        state = self._state().get("history")
        found = state if isinstance(state, dict) else {}
        lists = [found.get(kind) for kind in _KINDS]
        is_sound = all(
            isinstance(values, list) and all(isinstance(value, (int, float)) for value in values)
            for values in lists
        )
        epochs = [*zip(*lists, strict=False)] if is_sound else []
        return {kind: [float(epoch[at]) for epoch in epochs] for at, kind in enumerate(_KINDS)}

    def arguments(self, *, keep_best: bool = False) -> list[str]:
        """Return the arguments of the ``fit`` command that starts or resumes the run.

        With ``keep_best``, the command creates the model from the best epoch so far without
        training any further.
        """
        files = ["--request", str(self.asked), "--work", str(self.folder)]
        going_on = ["--resume"] if self.has_begun else []
        ending = ["--keep-best"] if keep_best else []
        return ["fit", *files, *going_on, *ending, "--events", "--end-with-input"]

    def _noted(self, file: str) -> str:
        try:
            return (self.folder / file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def _note(self, file: str, why: str) -> None:
        with suppress(OSError), replacing(self.folder / file) as temporary:
            temporary.write_text(why, encoding="utf-8")

    def _state(self) -> dict[str, Any]:
        try:
            values = json.loads((self.folder / _CHECKPOINT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        state = values.get("state") if isinstance(values, dict) else None
        return state if isinstance(state, dict) else {}


def runs_folder() -> Path:
    """Return the folder of all runs, which the first run creates."""
    return user_data_folder() / "runs"


def runs() -> list[TrainingRun]:
    """Return all runs, newest first; folders without a valid request are skipped."""
    found = []
    try:
        folders = sorted(runs_folder().iterdir(), reverse=True)
    except OSError:  # the folder does not exist yet, or cannot be listed
        return []
    for folder in folders:
        try:
            values = json.loads((folder / _ASKED).read_text(encoding="utf-8"))
            found.append(TrainingRun(folder, TrainingRequest.from_json(values)))
        except (OSError, ValueError, RecursionError):
            continue
    return found


def waiting_runs() -> list[TrainingRun]:
    """Return the runs that no process is working on, newest first."""
    return [run for run in runs() if not run.is_at_work]


def taken_names(library: ModelLibrary, but: Path | None = None) -> set[str]:
    """Return the names of all models, including those of runs other than the run in ``but``."""
    making = {run.request.name for run in runs() if run.folder != but}
    return {pack.card.name for pack in library.models()} | making


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Reserve a run's folder for this process, and create it if it is missing.

    Stored reasons of an earlier refusal or failure are removed, as the run is tried again.

    Raises
    ------
    TrainingError
        Another process is working on the run, or the folder cannot be written.
    """
    held = ExitStack()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held.enter_context(holding(folder / _LOCK))
    except LockHeldError as error:
        raise TrainingError(
            f"The run in {folder} is being trained by another window or command. Continue it "
            f"there, or stop it there first."
        ) from error
    except OSError as error:
        raise TrainingError(str(not_written(folder, error))) from error
    try:
        with held:
            for file in (_REFUSAL, _FAILURE):
                with suppress(OSError):
                    (folder / file).unlink()
            yield
    finally:
        _remove_if_unused(folder)


def _remove_if_unused(folder: Path) -> None:
    """Remove the folder of a run that was refused at its start, if it holds nothing but the lock."""
    with suppress(OSError):
        if [file.name for file in folder.iterdir()] == [_LOCK]:
            (folder / _LOCK).unlink()
            folder.rmdir()


def new_run_folder() -> Path:
    """Create and return the folder of a new run, named by the current time.

    Raises
    ------
    OSError
        The folder cannot be created.
    """
    stem = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    for number in range(1, 1000):
        folder = runs_folder() / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"{stem} and all its numbers are taken")


def begin_run(request: TrainingRequest, folder: Path) -> TrainingRun:
    """Write the request of a new run into its folder; return the run.

    Raises
    ------
    OSError
        The request cannot be written.
    """
    run = TrainingRun(folder, request)
    with replacing(run.asked) as temporary:
        temporary.write_text(json.dumps(request.to_json(), indent=1), encoding="utf-8")
    return run


def model_folder(run_folder: Path) -> Path:
    """Return the folder for the model of a run; the model's id ends with the folder's name."""
    _, _, time = run_folder.name.partition("-")
    return run_folder / f"model-{time}"


def discard(run: TrainingRun) -> None:
    """Delete a run with all its files; files that cannot be deleted stay.

    Raises
    ------
    TrainingError
        A process is working on the run: nothing was deleted.
    """
    if not run.folder.is_dir():
        return
    with at_work(run.folder):
        # The request goes first: without it, a folder that is only half deleted is not a run.
        run.asked.unlink(missing_ok=True)
    shutil.rmtree(run.folder, ignore_errors=True)

"""Where a run stands, kept on disk so that a kill at any moment loses little."""

from __future__ import annotations

import json
import math
import re
import shutil
import zipfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import TrainingError
from training.safe_writing import UNFINISHED, written_whole

if TYPE_CHECKING:
    import keras

Weights = list[NDArray[Any]]
_MEGABYTE = 1e6
_FIGURES = ("loss", "accuracy", "validation_loss", "validation_accuracy")
# What :meth:`Checkpoints.save` names its files, and those that it is writing. The folder may hold
# arrays of the user's own, which are not ours to remove.
_START = "start.npz"
_OUR_FILE = re.compile(
    rf"(run-\d{{3,}}-\d{{5,}}|best-\d{{3,}}|start)\.npz({re.escape(UNFINISHED)})?"
)
# What NumPy's reader raises over a file that is cut short or spoilt.
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class RunState:
    """A point of a run, between two steps.

    Attributes
    ----------
    epoch, step
        Epochs that are done, and steps that are done of the next one.
    batch_size
        Scans a step; smaller than asked for where memory did not suffice.
    sums
        Of the present epoch so far: scans, loss (as classes are weighed) times scans, and scans
        named right.
    history
        One value an epoch that is done, for each figure.
    best_epoch, smallest_loss
        The epoch with the smallest validation loss, from 1 (0: none yet), and that loss.
    seconds
        That fitting took so far.
    """

    epoch: int = 0
    step: int = 0
    batch_size: int = 0
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)
    history: dict[str, list[float]] = field(default_factory=lambda: {n: [] for n in _FIGURES})
    best_epoch: int = 0
    smallest_loss: float = math.inf
    seconds: float = 0.0

    def after_step(self, scans: int, loss: float, accuracy: float) -> RunState:
        """Return the state after one more step; loss and accuracy are that step's means."""
        before, lost, right = self.sums
        sums = (before + scans, lost + loss * scans, right + accuracy * scans)
        return replace(self, step=self.step + 1, sums=sums)

    def means(self) -> tuple[float, float]:
        """Return loss and accuracy of the present epoch so far."""
        scans, lost, right = self.sums
        return (lost / scans, right / scans) if scans else (math.nan, math.nan)

    def after_epoch(self, validation_loss: float, validation_accuracy: float) -> RunState:
        """Return the state at the start of the next epoch."""
        values = (*self.means(), validation_loss, validation_accuracy)
        history = {
            name: [*self.history[name], round(value, 5)]
            for name, value in zip(_FIGURES, values, strict=True)
        }
        better = validation_loss < self.smallest_loss
        return replace(
            self,
            epoch=self.epoch + 1,
            step=0,
            sums=(0.0, 0.0, 0.0),
            history=history,
            best_epoch=self.epoch + 1 if better else self.best_epoch,
            smallest_loss=min(validation_loss, self.smallest_loss),
        )

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> RunState:
        """Read a state as :func:`dataclasses.asdict` gives it."""
        smallest = values["smallest_loss"]
        return cls(
            **values
            | {
                "sums": tuple(values["sums"]),
                "smallest_loss": math.inf if smallest is None else float(smallest),
            }
        )


@dataclass(frozen=True, eq=False)
class Kept:
    """What a checkpoint holds beside the state: arrays in Keras' own order.

    ``average`` is empty where no average of the weights is kept.
    """

    weights: Weights
    optimizer: Weights
    average: Weights

    @classmethod
    def of(cls, model: keras.Model, average: Weights) -> Kept:
        """Take a compiled model's weights and its optimiser's state."""
        moments = [variable.numpy() for variable in model.optimizer.variables]
        return cls(model.get_weights(), moments, average)

    def give_to(self, model: keras.Model, *, with_optimizer: bool) -> None:
        """Give a compiled model its weights back, and its optimiser its state."""
        model.set_weights(self.weights)
        if with_optimizer:
            model.optimizer.build(model.trainable_variables)
            # Half precision has the scale of the loss before all else; a run may go on in another.
            both = zip(reversed(model.optimizer.variables), reversed(self.optimizer), strict=False)
            for variable, value in both:
                variable.assign(value)


class Checkpoints:
    """The checkpoints in a run's work folder.

    Each is written beside its name, forced to the disk, put in its place in one step, and
    only then named by ``checkpoint.json``, which is replaced in the same way; what it named
    before is removed last. So there is a complete checkpoint at every moment after the
    first, even where the same place of the run is kept twice.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "checkpoint.json"

    def exists(self) -> bool:
        """Whether there is one to go on from."""
        return self._note.is_file()

    def save(self, state: RunState, kept: Kept, best: Weights | None = None) -> None:
        """Keep a state; one that is kept already is not written again.

        Parameters
        ----------
        best
            The network's weights where this epoch is the best so far; else those of
            the best one before are kept.

        Raises
        ------
        TrainingError
            The disk is full or refuses; the checkpoint before is as it was.
        """
        if best is None and self.exists() and self.state() == state:
            return
        _, before = self._read()
        files = {"run": f"run-{state.epoch:03d}-{state.step:05d}.npz"}
        try:
            self._write_arrays(
                files["run"],
                weights=kept.weights,
                optimizer=kept.optimizer,
                average=kept.average,
            )
            if best is not None:
                files["best"] = f"best-{state.best_epoch:03d}.npz"
                self._write_arrays(files["best"], weights=best)
            elif "best" in before:
                files["best"] = before["best"]
            self._write_note({"state": _plain(state), "files": files})
        except OSError as error:
            raise self._refused(error) from error
        self._remove_all_but(set(files.values()))

    def save_start(self, weights: Weights) -> None:
        """Keep the weights that the run began with, for its whole time.

        Raises
        ------
        TrainingError
            The disk is full or refuses.
        """
        try:
            self._write_arrays(_START, weights=weights)
        except OSError as error:
            raise self._refused(error) from error

    def has_start(self) -> bool:
        """Whether the weights that the run began with are kept."""
        return (self._folder / _START).is_file()

    def load_start(self) -> Weights:
        """Return the weights that the run began with."""
        return self._read_arrays(_START)["weights"]

    def check_room(self, size: int, *, more: int) -> None:
        """Check that a run's states fit on the disk, before hours are spent on it.

        Parameters
        ----------
        size
            Bytes that the network's weights take.
        more
            How many further copies of them are kept: their average, those at the start.

        Raises
        ------
        TrainingError
            There is too little room.
        """
        # Weights, two moments of each, and the best epoch's weights; the state before goes when the
        # next one is whole.
        copies = (4 + more) * (1 if self.exists() else 2)
        free, needed = shutil.disk_usage(self._folder).free, copies * size
        if free < needed:
            raise TrainingError(
                f"Keeping the state of this training takes about {needed / _MEGABYTE:,.0f} MB in "
                f"{self._folder}; {free / _MEGABYTE:,.0f} MB are free. Make room there; then the run "
                f"can be gone on with (Resume in the window, --resume on the command line)."
            )

    def tidy(self) -> None:
        """Remove what a kill left: older checkpoints, and unfinished ones.

        Only for the process that has the run; another's that it is writing would go, too.
        """
        _, files = self._read()
        self._remove_all_but(set(files.values()))

    def state(self) -> RunState:
        """Return the state that is kept; that of a run's start where none is."""
        state, _ = self._read()
        return state

    def load(self) -> Kept:
        """Return what belongs to the state."""
        _, files = self._read()
        arrays = self._read_arrays(files["run"])
        return Kept(**{name: arrays.get(name, []) for name in ("weights", "optimizer", "average")})

    def load_best(self) -> Weights:
        """Return the best epoch's weights.

        Raises
        ------
        TrainingError
            No epoch has been finished.
        """
        _, files = self._read()
        if "best" not in files:
            raise TrainingError(
                "No epoch has been finished yet, so there is nothing to keep. Let the run go on."
            )
        return self._read_arrays(files["best"])["weights"]

    def _refused(self, error: OSError) -> TrainingError:
        return TrainingError(
            f"The checkpoint cannot be written to {self._folder}: {error.strerror or error}. "
            f"Make room there; then the run can be gone on with from the checkpoint before "
            f"(Resume in the window, --resume on the command line)."
        )

    def _read(self) -> tuple[RunState, dict[str, str]]:
        """Return the state that is kept and the files of it; that of a run's start where none is."""
        if not self.exists():
            return RunState(), {}
        try:
            content = json.loads(self._note.read_text(encoding="utf-8"))
            return RunState.from_json(content["state"]), dict(content["files"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError(
                f"The checkpoint {self._note} cannot be read. Start a new run in another folder."
            ) from error

    def _write_note(self, content: dict[str, Any]) -> None:
        with written_whole(self._note) as stream:
            stream.write(json.dumps(content).encode())

    def _write_arrays(self, name: str, **groups: Weights) -> None:
        named = {
            f"{group}/{i}": a for group, arrays in groups.items() for i, a in enumerate(arrays)
        }
        with written_whole(self._folder / name) as stream:
            np.savez(stream, allow_pickle=False, **named)

    def _read_arrays(self, name: str) -> dict[str, Weights]:
        groups: dict[str, Weights] = {}
        try:
            # NumPy leaves a file open that is no archive.
            with (self._folder / name).open("rb") as stream, np.load(stream) as stored:
                for key in stored.files:  # in the order in which they were written
                    groups.setdefault(key.partition("/")[0], []).append(stored[key])
        except _DAMAGE as error:
            raise TrainingError(
                f"The checkpoint file {name} in {self._folder} is damaged or gone ({error}). "
                f"Put it back from a copy, or start a new run in another folder."
            ) from error
        return groups

    def _remove_all_but(self, names: set[str]) -> None:
        """Remove older checkpoints, and those that a kill left unfinished."""
        for file in tuple(self._folder.glob("*.npz*")):
            if _OUR_FILE.fullmatch(file.name) and file.name not in names | {_START}:
                with suppress(OSError):  # it costs room until the next checkpoint, nothing else
                    file.unlink()


def _plain(state: RunState) -> dict[str, Any]:
    smallest = state.smallest_loss if math.isfinite(state.smallest_loss) else None
    return asdict(state) | {"smallest_loss": smallest}

"""Checkpoints of a run on disk, so that a kill at any moment loses little."""

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
# Names of the files of :meth:`Checkpoints.save`, finished or not. Other arrays in the folder may be
# the user's own and are not removed.
_START = "start.npz"
_OUR_FILE = re.compile(
    rf"(run-\d{{3,}}-\d{{5,}}|best-\d{{3,}}|start)\.npz({re.escape(UNFINISHED)})?"
)
# Errors that NumPy's reader raises for truncated or damaged files.
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class RunState:
    """The state of a run between two steps.

    Attributes
    ----------
    epoch, step
        Number of finished epochs, and of finished steps of the next epoch.
    batch_size
        Scans per step; smaller than requested if memory did not suffice.
    sums
        Sums over the current epoch so far: scans, (class-weighted) loss times scans, and correctly
        classified scans.
    history
        One value per finished epoch, for each figure.
    best_epoch, smallest_loss
        The epoch with the smallest validation loss, from 1 (0: none yet), and that loss.
    seconds
        Duration of the training so far.
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
        """Return the state after one more step, given the means of the step's loss and accuracy."""
        before, lost, right = self.sums
        sums = (before + scans, lost + loss * scans, right + accuracy * scans)
        return replace(self, step=self.step + 1, sums=sums)

    def means(self) -> tuple[float, float]:
        """Return the mean loss and the accuracy of the current epoch so far."""
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
        """Return a state from JSON values in the form of :func:`dataclasses.asdict`."""
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
    """The arrays of a checkpoint, in Keras' own order.

    ``average`` is empty if no moving average of the weights is kept.
    """

    weights: Weights
    optimizer: Weights
    average: Weights

    @classmethod
    def of(cls, model: keras.Model, average: Weights) -> Kept:
        """Return the weights of a compiled model and the state of its optimiser."""
        moments = [variable.numpy() for variable in model.optimizer.variables]
        return cls(model.get_weights(), moments, average)

    def give_to(self, model: keras.Model, *, with_optimizer: bool) -> None:
        """Restore a compiled model's weights and, if requested, its optimiser's state."""
        model.set_weights(self.weights)
        if with_optimizer:
            model.optimizer.build(model.trainable_variables)
            # Half precision puts the loss scale first. The variables are matched from the end, as a run
            # may be resumed in another precision.
            both = zip(reversed(model.optimizer.variables), reversed(self.optimizer), strict=False)
            for variable, value in both:
                variable.assign(value)


class Checkpoints:
    """The checkpoints in a run's work folder.

    Each file is written under a temporary name, flushed to the disk and renamed atomically. Only then
    does ``checkpoint.json``, replaced in the same way, refer to it; the files of the previous
    checkpoint are removed last. So after the first checkpoint, a complete one exists at every
    moment, even if the same state is saved twice.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "checkpoint.json"

    def exists(self) -> bool:
        """Whether there is a checkpoint to resume from."""
        return self._note.is_file()

    def save(self, state: RunState, kept: Kept, best: Weights | None = None) -> None:
        """Save a state, unless the latest checkpoint holds the same state.

        Parameters
        ----------
        best
            The network's weights if this epoch is the best so far; with None, the weights of the
            best epoch before are kept.

        Raises
        ------
        TrainingError
            The disk is full or cannot be written; the previous checkpoint is unchanged.
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
        """Save the initial weights of the run, which are kept until its end.

        Raises
        ------
        TrainingError
            The disk is full or cannot be written.
        """
        try:
            self._write_arrays(_START, weights=weights)
        except OSError as error:
            raise self._refused(error) from error

    def has_start(self) -> bool:
        """Whether the initial weights of the run are kept."""
        return (self._folder / _START).is_file()

    def load_start(self) -> Weights:
        """Return the initial weights of the run."""
        return self._read_arrays(_START)["weights"]

    def check_room(self, size: int, *, more: int) -> None:
        """Check that a run's checkpoints fit on the disk, before hours are spent on training.

        Parameters
        ----------
        size
            Size of the network's weights in bytes.
        more
            Number of further copies of the weights that are kept (moving average, initial weights).

        Raises
        ------
        TrainingError
            There is too little space.
        """
        # Weights, two moments of each, and the best epoch's weights; the previous checkpoint is removed
        # only when the next one is complete.
        copies = (4 + more) * (1 if self.exists() else 2)
        free, needed = shutil.disk_usage(self._folder).free, copies * size
        if free < needed:
            raise TrainingError(
                f"The checkpoints of this run need about {needed / _MEGABYTE:,.0f} MB in "
                f"{self._folder}; {free / _MEGABYTE:,.0f} MB are free. Free some space there, then "
                f"resume the run (Resume in the window, --resume on the command line)."
            )

    def tidy(self) -> None:
        """Remove older and unfinished checkpoints left behind by a kill.

        Only the process that holds the run may call this: files that another process is writing would
        be removed too.
        """
        _, files = self._read()
        self._remove_all_but(set(files.values()))

    def state(self) -> RunState:
        """Return the saved state, or the initial state if there is none."""
        state, _ = self._read()
        return state

    def load(self) -> Kept:
        """Return the arrays of the saved state."""
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
                "No epoch has been finished yet, so there is nothing to keep. Let the run continue."
            )
        return self._read_arrays(files["best"])["weights"]

    def _refused(self, error: OSError) -> TrainingError:
        return TrainingError(
            f"The checkpoint cannot be written to {self._folder}: {error.strerror or error}. "
            f"Free some space there, then resume the run from the previous checkpoint "
            f"(Resume in the window, --resume on the command line)."
        )

    def _read(self) -> tuple[RunState, dict[str, str]]:
        """Return the saved state and its files, or the initial state and {} if there is none."""
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
            # Opened here, as NumPy leaves a file open that is no archive.
            with (self._folder / name).open("rb") as stream, np.load(stream) as stored:
                for key in stored.files:  # in the order in which they were written
                    groups.setdefault(key.partition("/")[0], []).append(stored[key])
        except _DAMAGE as error:
            raise TrainingError(
                f"The checkpoint file {name} in {self._folder} is damaged or missing ({error}). "
                f"Restore it from a copy, or start a new run in another folder."
            ) from error
        return groups

    def _remove_all_but(self, names: set[str]) -> None:
        """Remove all checkpoint files, finished or not, but those named and the initial weights."""
        for file in tuple(self._folder.glob("*.npz*")):
            if _OUR_FILE.fullmatch(file.name) and file.name not in names | {_START}:
                with suppress(OSError):  # the file only takes space until the next checkpoint
                    file.unlink()


def _plain(state: RunState) -> dict[str, Any]:
    smallest = state.smallest_loss if math.isfinite(state.smallest_loss) else None
    return asdict(state) | {"smallest_loss": smallest}

"""Keras callbacks, one concern each."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import keras  # noqa: TID253  (callbacks derive from its base class)
import numpy as np
from numpy.typing import NDArray


def first_epoch(work_folder: Path) -> int:
    """Return how many epochs a run in this folder has finished."""
    note = work_folder / "checkpoint.json"
    if not note.is_file():
        return 0
    return int(json.loads(note.read_text(encoding="utf-8"))["epochs_done"])


class EpochCheckpoint(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Keep weights and optimiser state after each epoch; restore them when a run goes on.

    The weights go to a file of their own per epoch and the note that names it is
    replaced last, so that a kill at any moment leaves a complete checkpoint.
    """

    def __init__(self, work_folder: Path) -> None:
        super().__init__()
        self.folder = work_folder

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Go on where the run stopped."""
        del logs
        done = first_epoch(self.folder)
        if done:
            self.model.optimizer.build(self.model.trainable_variables)
            self.model.load_weights(self._file(done))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the checkpoint."""
        if not math.isfinite((logs or {}).get("loss", math.nan)):
            return
        done = epoch + 1
        self.model.save_weights(self._file(done))
        _replace_json(self.folder / "checkpoint.json", {"epochs_done": done})
        self._file(done - 1).unlink(missing_ok=True)

    def _file(self, done: int) -> Path:
        return self.folder / f"epoch-{done:03d}.weights.h5"


class WeightAverage(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Validate with an exponential moving average of all weights, and train on with the raw ones.

    The average generalises better than any single step's weights (Polyak and Juditsky
    1992; Izmailov et al. 2018). The moving statistics of batch normalisation are
    averaged too, so that they belong to the averaged kernels. The average stays in the
    model from the start of validation to this callback's ``on_epoch_end``: what is to
    keep it comes before this callback, what is to keep the raw weights after it.
    """

    def __init__(self, work_folder: Path, momentum: float) -> None:
        super().__init__()
        self.folder = work_folder
        self.momentum = momentum
        self.average: list[NDArray[np.float32]] = []
        self.raw: list[NDArray[np.float32]] | None = None

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Go on with the average of the checkpoint, or start from the weights as they are."""
        del logs
        done = first_epoch(self.folder)
        if done:
            with np.load(self._file(done)) as kept:
                self.average = [kept[f"arr_{index}"] for index in range(len(kept.files))]
        else:
            self.average = [weight.copy() for weight in self.model.get_weights()]

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Move the average towards the present weights."""
        del batch, logs
        kept = self.momentum
        self.average = [
            kept * mean + (1 - kept) * weight
            for mean, weight in zip(self.average, self.model.get_weights(), strict=True)
        ]

    def on_test_begin(self, logs: dict[str, float] | None = None) -> None:
        """Put the average in."""
        del logs
        if self.raw is None:
            self.raw = self.model.get_weights()
            self.model.set_weights(self.average)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Put the raw weights back; keep the average beside the checkpoint."""
        del logs
        if self.raw is not None:
            self.model.set_weights(self.raw)
            self.raw = None
        done = epoch + 1
        np.savez(self._file(done), *self.average)
        self._file(done - 2).unlink(missing_ok=True)

    def _file(self, done: int) -> Path:
        return self.folder / f"average-{done:03d}.npz"


class BestWeights(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Keep the weights of the epoch with the smallest value of one logged figure."""

    def __init__(self, work_folder: Path, figure: str) -> None:
        super().__init__()
        self.file = work_folder / "best.weights.h5"
        self.note = work_folder / "best.json"
        self.figure = figure
        self.smallest = math.inf
        if self.note.is_file():
            self.smallest = float(json.loads(self.note.read_text(encoding="utf-8"))[figure])

    def exists(self) -> bool:
        """Whether any epoch has been kept."""
        return self.file.is_file()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Keep this epoch if it is the best so far."""
        value = float((logs or {}).get(self.figure, math.nan))
        if value < self.smallest:
            self.smallest = value
            temporary = self.file.with_name("best-new.weights.h5")
            self.model.save_weights(temporary)
            temporary.replace(self.file)
            _replace_json(self.note, {self.figure: value, "epoch": epoch + 1})


def _replace_json(file: Path, content: dict[str, Any]) -> None:
    temporary = file.with_suffix(".new")
    temporary.write_text(json.dumps(content), encoding="utf-8")
    temporary.replace(file)

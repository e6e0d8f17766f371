"""How long a training is going to take: some steps measured on this computer, times their number."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from btgui.engine.errors import TrainingError
from btgui.engine.models.published_networks import published
from btgui.engine.training_request import Recipe
from btgui.views.text import duration
from btgui.workers.replaceable_command import ReplaceableCommand
from btgui.workers.training_process import Ending

_NO_RESULT = "The time of a training step could not be measured. Try again."
# Of an ending without a reason of its own; a probe has no checkpoint that could be kept.
_WHY = {
    "killed": "The system ended it, perhaps because memory ran out. Choose smaller batches.",
    "crashed": "It ended unexpectedly. Try again, or choose smaller batches.",
}

Key = tuple[str, int, int, int]


@dataclass(frozen=True)
class Amount:
    """What is going to be trained: the network, the recipe, and how many scans on each side."""

    architecture: str
    recipe: Recipe
    training_scans: int
    validation_scans: int
    classes: int

    @property
    def key(self) -> Key:
        """What a measured step depends on."""
        recipe = self.recipe
        return self.architecture, recipe.batch_size, recipe.frozen_stages, self.classes


class TrainingTime(QObject):
    """Measures steps of networks, one after the other, and remembers them.

    Signals
    -------
    changed()
        A measurement began or ended, in whatever way.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = ReplaceableCommand(self)
        self._asked: Key | None = None
        self._waiting: list[Key] = []
        self._seconds: dict[Key, tuple[float, float]] = {}
        self._failures: dict[Key, str] = {}
        self._command.answered.connect(self._measured)
        self._command.broke_off.connect(self._failed)

    def measure(self, amounts: Sequence[Amount]) -> None:
        """Measure these in order, but for what has been measured; in place of what waits."""
        self._waiting = [one.key for one in amounts if one.key not in self._seconds]
        for key in self._waiting:
            self._failures.pop(key, None)
        self._next()

    def is_measuring(self) -> bool:
        """Whether something is being measured or waits for it."""
        return self._asked is not None

    def stop(self) -> None:
        """Measure no more; what has been measured stays."""
        self._waiting = []
        self._asked = None
        self._command.stop()
        self.changed.emit()

    def close(self) -> None:
        """Stop, and wait for it."""
        self._waiting = []
        self._asked = None
        self._command.close()

    def note(self, amounts: Sequence[Amount]) -> str:
        """Return what holds for all of the times, and why some could not be measured."""
        known = any(one.key in self._seconds for one in amounts)
        said = ["Preparing the scans at the start comes on top."] if known else []
        said += [
            f"{published(one.architecture).name}: {self._failures[one.key]}"
            for one in amounts
            if one.key in self._failures
        ]
        return " ".join(said)

    def text(self, amount: Amount) -> str:
        """Return the expected time in words, or what becomes of it; "" where nothing is known."""
        found = self._seconds.get(amount.key)
        if amount.key == self._asked:
            return "measuring …"
        if amount.key in self._waiting:
            return "waits to be measured"
        if found is None:
            return "could not be measured" if amount.key in self._failures else ""
        size = amount.recipe.batch_size
        an_epoch = found[0] * math.ceil(amount.training_scans / size)
        an_epoch += found[1] * math.ceil(amount.validation_scans / size)
        return f"about {duration(max(1, an_epoch * amount.recipe.epochs))} (measured here)"

    def _next(self) -> None:
        if not self._waiting:
            self._asked = None
            self.changed.emit()
            return
        self._asked = self._waiting.pop(0)
        name, size, frozen, classes = self._asked
        arguments = ["probe", "--architecture", name, "--batch-size", str(size)]
        arguments += ["--frozen-stages", str(frozen), "--classes", str(classes)]
        self._command.start(lambda _folder: arguments, _seconds_in)
        self.changed.emit()

    def _measured(self, seconds: tuple[float, float]) -> None:
        if self._asked is not None:
            self._seconds[self._asked] = seconds
            self._next()

    def _failed(self, ending: Ending) -> None:
        if self._asked is not None:  # else it was stopped
            self._failures[self._asked] = _WHY.get(ending.how, ending.text)
            self._next()


def _seconds_in(file: Path) -> tuple[float, float]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return float(values["training"]), float(values["validation"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(_NO_RESULT) from error

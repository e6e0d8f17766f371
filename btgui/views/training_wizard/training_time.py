"""The expected training time: the measured time of a step, times the number of steps."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from btgui.engine.datasets.shares import ScanShares
from btgui.engine.errors import TrainingError
from btgui.engine.models.published_networks import published
from btgui.engine.training_request import Recipe
from btgui.views.text import duration
from btgui.workers.replaceable_command import ReplaceableCommand
from btgui.workers.training_process import Ending

_NO_RESULT = "The time of a training step could not be measured. Try again."
# For endings without a reason; the general texts mention a checkpoint, which a probe has not.
_WHY = {
    "killed": "The system ended the measurement, perhaps because memory ran out. Choose smaller "
    "batches.",
    "crashed": "The measurement ended unexpectedly. Try again, or choose smaller batches.",
}

Key = tuple[str, int, int, int]


@dataclass(frozen=True)
class Amount:
    """The amount of a training: network, recipe, scans of each part, and number of classes.

    ``shares`` is None while the scans are being divided.
    """

    architecture: str
    recipe: Recipe
    shares: ScanShares | None
    classes: int

    @property
    def key(self) -> Key:
        """The values that the time of a step depends on."""
        recipe = self.recipe
        return self.architecture, recipe.batch_size, recipe.frozen_stages, self.classes


class TrainingTime(QObject):
    """Measures steps of networks one after the other and remembers their times.

    Signals
    -------
    changed()
        A measurement began or ended, with or without a result.
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
        """Measure in this order those not measured yet, in place of any that wait."""
        self._waiting = [one.key for one in amounts if one.key not in self._seconds]
        for key in self._waiting:
            self._failures.pop(key, None)
        self._next()

    def is_measuring(self) -> bool:
        """Whether a measurement is running."""
        return self._asked is not None

    def stop(self) -> None:
        """Stop measuring; the times measured so far are kept."""
        self._waiting = []
        self._asked = None
        self._command.stop()
        self.changed.emit()

    def close(self) -> None:
        """Stop measuring, and wait until the process has ended."""
        self._waiting = []
        self._asked = None
        self._command.close()

    def note(self, amounts: Sequence[Amount]) -> str:
        """Return a note on all of the times, and why some could not be measured."""
        known = any(one.key in self._seconds for one in amounts)
        sentences = ["Preparing the scans at the start takes extra time."] if known else []
        sentences += [
            f"{published(one.architecture).name}: {self._failures[one.key]}"
            for one in amounts
            if one.key in self._failures
        ]
        return " ".join(sentences)

    def text(self, amount: Amount) -> str:
        """Return the expected time, or the state of its measurement; "" where neither is known."""
        found = self._seconds.get(amount.key)
        if amount.key == self._asked:
            return "measuring …"
        if amount.key in self._waiting:
            return "waiting to be measured"
        if found is None:
            return "could not be measured" if amount.key in self._failures else ""
        if amount.shares is None:
            return "calculating …"
        size = amount.recipe.batch_size
        an_epoch = found[0] * math.ceil(amount.shares.training / size)
        an_epoch += found[1] * math.ceil(amount.shares.validation / size)
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
        if self._asked is not None:  # None after stop()
            self._failures[self._asked] = _WHY.get(ending.how, ending.text)
            self._next()


def _seconds_in(file: Path) -> tuple[float, float]:
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        return float(values["training"]), float(values["validation"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(_NO_RESULT) from error

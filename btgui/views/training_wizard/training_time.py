"""How long a training is going to take: some steps measured on this computer, times their number."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, Signal

from btgui.engine.training_request import Recipe
from btgui.views.text import time_left
from btgui.workers.replaceable_command import ReplaceableCommand
from btgui.workers.training_process import Ending


@dataclass(frozen=True)
class Amount:
    """What is going to be trained: the network, the recipe, and how many scans on each side."""

    architecture: str
    recipe: Recipe
    training_scans: int
    validation_scans: int
    classes: int

    @property
    def key(self) -> tuple[str, int, int, int]:
        """What a measured step depends on."""
        recipe = self.recipe
        return self.architecture, recipe.batch_size, recipe.frozen_stages, self.classes


class TrainingTime(QObject):
    """Measures steps of a network, one at a time, and remembers them.

    Signals
    -------
    measured()
        Another network has been measured.
    failed(str)
        It could not be, and why.
    """

    measured = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = ReplaceableCommand(self)
        self._folder = QTemporaryDir()
        self._count = 0
        self._asked: tuple[str, int, int, int] | None = None
        self._seconds: dict[tuple[str, int, int, int], tuple[float, float]] = {}
        self._command.ended.connect(self._ended)

    def measure(self, amount: Amount) -> None:
        """Measure a network's steps, unless that has been done; in place of one that is measured."""
        if amount.key in self._seconds or (self.is_measuring() and self._asked == amount.key):
            return
        self._asked = amount.key
        self._count += 1
        name, size, frozen, classes = amount.key
        arguments = ["probe", "--architecture", name, "--batch-size", str(size)]
        arguments += ["--frozen-stages", str(frozen), "--classes", str(classes)]
        self._command.start(
            [*arguments, "--json", str(self._file()), "--events", "--end-with-input"]
        )

    def is_measuring(self) -> bool:
        """Whether something is being measured."""
        return self._command.is_running()

    def stop(self) -> None:
        """Measure no more."""
        self._command.stop()

    def close(self) -> None:
        """Stop, and wait for it."""
        self._command.close()

    def text(self, amount: Amount) -> str:
        """Return the expected time in words, "" where it has not been measured."""
        found = self._seconds.get(amount.key)
        if found is None:
            return ""
        size = amount.recipe.batch_size
        an_epoch = found[0] * math.ceil(amount.training_scans / size)
        an_epoch += found[1] * math.ceil(amount.validation_scans / size)
        return f"{time_left(an_epoch * amount.recipe.epochs).removesuffix(' left')} (measured here)"

    def _file(self) -> Path:
        return Path(self._folder.path()) / f"{self._count}.json"

    def _ended(self, ending: Ending) -> None:
        if ending.how != "succeeded" or self._asked is None:
            if ending.how != "stopped":
                self.failed.emit(ending.text)
            return
        try:
            values = json.loads(self._file().read_text(encoding="utf-8"))
            found = float(values["training"]), float(values["validation"])
        except (OSError, ValueError, KeyError, TypeError):
            self.failed.emit("The time of a training step could not be measured.")
            return
        self._seconds[self._asked] = found
        self.measured.emit()

"""Readings, accuracy and prediction times of all models on the same scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError, ModelPackError
from btgui.engine.models.card import TestResult
from training.comparison.contenders import Contender
from training.control import Control
from training.evaluating.evaluation import Readings, measure, read_all
from training.evaluating.groups import COPIES, by_copies
from training.evaluating.patients import Patients, named_in_test, patients_of
from training.event_output import Reporter, begin
from training.tested_scans import Tested, choose_tested
from training.timing import PredictionTimes, time_in_turns


@dataclass(frozen=True, eq=False)
class Measured:
    """A model with its readings of the scans; classes are in the comparison's order.

    Attributes
    ----------
    probabilities
        (scans, classes), calibrated.
    result
        The model's accuracy and the figures of each class.
    times
        Times of single predictions, in milliseconds.
    right
        (scans,) whether the verdict is the true class.
    """

    contender: Contender
    probabilities: NDArray[np.float64]
    result: TestResult
    times: PredictionTimes
    right: NDArray[np.bool_]

    @property
    def said(self) -> NDArray[np.int64]:
        """The verdict on each scan, as a class index; (scans,)."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Models on the same scans.

    Attributes
    ----------
    tested
        The scans chosen for the test: the test scans of each data set, or all scans of a data set
        without any.
    scans, labels
        The scans that could be read, and (scans,) their true classes.
    patients
        The patients of the scans.
    unreadable
        A sentence for each scan that could not be read.
    leaked
        (scans,) whether a scan has a copy in the data sets' training folders, under any of
        eight flips and quarter turns; None if there is no such folder.
    device
        Name of the device that ran the networks.
    """

    tested: Tested
    classes: tuple[str, ...]
    display_names: tuple[str, ...]
    scans: list[LabelledScan]
    labels: NDArray[np.int64]
    patients: Patients
    unreadable: list[str]
    leaked: NDArray[np.bool_] | None
    device: str
    models: list[Measured]

    @property
    def data(self) -> tuple[str, ...]:
        """Names of the data sets."""
        return self.tested.data

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each model classified each scan correctly; (models, scans)."""
        return np.stack([model.right for model in self.models])

    @property
    def sure(self) -> NDArray[np.float64]:
        """The probability of each model's verdict; (models, scans)."""
        return np.stack([model.probabilities.max(axis=1) for model in self.models])


def compare(
    contenders: list[Contender],
    folders: list[Path],
    say: Reporter,
    control: Control,
    *,
    patients: str | None = None,
) -> Comparison:
    """Measure every model on the test scans of each data set (all scans of one without any).

    Parameters
    ----------
    patients
        Pattern that finds the patient in a file name, for :func:`named_in_test`, or None.

    Raises
    ------
    DatasetError
        A data set cannot be read, or has a class that the models do not know.
    ModelPackError
        A network cannot be executed; the message names the model.
    Cancelled
        ``control`` has received a stop command.
    """
    tested = choose_tested(folders, control.raise_if_stop_wanted)
    if patients:
        tested = named_in_test(tested, patients)
    trained = tested.trained
    readings = _read_all(contenders, tested.scans, say, control)
    read = readings[0].scans
    if any(other.scans != read for other in readings):
        raise DatasetError("The scan files changed while they were read. Compare again.")
    whose = patients_of(read, say, trained)
    leaked = None
    if trained:
        say(
            f"Looking for copies of {counted(len(read), 'test scan')} among "
            f"{counted(len(trained), 'training scan')} …"
        )
        done = begin(say, "comparing", len(read) + len(trained), control)
        leaked = by_copies(read, trained, done)[COPIES]
    card = contenders[0].pack.card
    devices: set[str] = set()
    models = []
    timed = _timed(contenders, read)
    for contender, own, (times, device) in zip(contenders, readings, timed, strict=True):
        ordered = _in_order(own, contender.pack.card.classes, card.classes)
        result = measure(
            ordered,
            card.classes,
            protocol=contender.protocol,
            data=tested.words,
            patients=whose.numbers,
            leaked=leaked,
        )
        devices.add(device)
        right = ordered.probabilities.argmax(axis=1) == ordered.labels
        models.append(Measured(contender, ordered.probabilities, result, times, right))
        say(
            f"{contender.title}: {result.correct:,} of {result.count:,} classified correctly, "
            f"median {times.median:.1f} ms per scan."
        )
    return Comparison(
        tested=tested,
        classes=card.classes,
        display_names=card.display_names,
        scans=read,
        labels=np.array([card.classes.index(scan.label) for scan in read]),
        patients=whose,
        unreadable=readings[0].unreadable,
        leaked=leaked,
        device=", ".join(sorted(devices)),
        models=models,
    )


def _read_all(
    contenders: list[Contender], scans: list[LabelledScan], say: Reporter, control: Control
) -> list[Readings]:
    total = len(scans)
    read = begin(say, "reading", total, control)
    readings: list[Readings] = []
    for contender in contenders:
        say(f"Reading {counted(len(scans), 'scan')} with {contender.title} …")
        try:
            # Every model reads every scan, but progress counts scans, not readings.
            readings.append(
                read_all(
                    contender.pack,
                    scans,
                    lambda done: read((len(readings) * total + done) // len(contenders)),
                )
            )
        except ModelPackError as error:
            raise ModelPackError(f"{contender.title} cannot be compared. {error}") from error
    return readings


def _in_order(readings: Readings, have: tuple[str, ...], want: tuple[str, ...]) -> Readings:
    """Return the readings with the classes in the order ``want``."""
    order = [have.index(name) for name in want]
    return Readings(
        scans=readings.scans,
        probabilities=readings.probabilities[:, order],
        labels=np.argsort(order)[readings.labels],
        unreadable=readings.unreadable,
    )


def _timed(
    contenders: Sequence[Contender], scans: list[LabelledScan]
) -> list[tuple[PredictionTimes, str]]:
    """Time single predictions of each model; return the times with the device's name."""
    analysers = [Analyser(contender.pack) for contender in contenders]
    times = time_in_turns(analysers, scans)
    devices = [analyser.runtime.device.name for analyser in analysers]
    return list(zip(times, devices, strict=True))

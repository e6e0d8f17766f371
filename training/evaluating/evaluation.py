"""Measurement of a model on labelled scans that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser, Outcome
from btgui.engine.counting import some_of
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from btgui.engine.models.card import TestResult
from btgui.engine.models.pack import ModelPack
from btgui.engine.results import Analysis
from btgui.engine.scan import ScanAddress
from btgui.engine.training_request import Protocol
from training.calibration import calibration_gap
from training.evaluating.effective_number import Z_95, effective_share


@dataclass(frozen=True)
class Estimate:
    """A figure, 0 to 1, with its 95 % interval.

    ``value`` is NaN if the figure is not defined; ``low`` and ``high`` are NaN if its uncertainty
    cannot be estimated (a bootstrap over scans without an error has no spread).
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Readings:
    """A model's probabilities for labelled scans.

    Attributes
    ----------
    scans
        The scans that could be read, in order.
    probabilities
        (n, classes), calibrated.
    labels
        (n,) true class indices in the model's order.
    unreadable
        A sentence for each scan that could not be read.
    novelty
        (n,) how unlike the training scans each is (:mod:`btgui.engine.novelty`); None for a model
        without prototypes.
    """

    scans: list[LabelledScan]
    probabilities: NDArray[np.float64]
    labels: NDArray[np.int64]
    unreadable: list[str]
    novelty: NDArray[np.float64] | None = None


def read_all(
    pack: ModelPack,
    scans: list[LabelledScan],
    done: Callable[[int], None] = lambda _count: None,
) -> Readings:
    """Classify every scan as the app does: same decoder, windows, preprocessing and runtime.

    ``done`` is called with the number of scans read so far; it may raise to stop.

    Raises
    ------
    DatasetError
        A scan's class is not one of the model's, or no scan can be read.
    """
    classes = pack.card.classes
    if strange := sorted({scan.label for scan in scans} - set(classes)):
        raise DatasetError(
            f"Expected only classes that this model knows ({', '.join(classes)}), "
            f"also received {some_of(strange)}. Rename these classes, or leave their scans out."
        )
    analyser = Analyser(pack)
    said: list[tuple[tuple[float, ...], float | None] | str] = []

    def keep(_path: Path, outcome: Outcome) -> None:
        # Keep no analysis: it holds the scan's pixels, and a test may have many thousand scans.
        said.append(
            (outcome.prediction.probabilities, outcome.prediction.novelty)
            if isinstance(outcome, Analysis)
            else str(outcome)
        )
        done(len(said))

    windows = {ScanAddress(scan.path): scan.window for scan in scans if scan.window is not None}
    analyser.classify_many([scan.path for scan in scans], keep, windows=windows)
    read = [
        (scan, result)
        for scan, result in zip(scans, said, strict=True)
        if not isinstance(result, str)
    ]
    if not read:
        raise DatasetError("None of the scans can be read, so there is nothing to evaluate.")
    novelties = [novelty for _, (_, novelty) in read if novelty is not None]
    return Readings(
        scans=[scan for scan, _ in read],
        probabilities=np.array([probabilities for _, (probabilities, _) in read]),
        labels=np.array([classes.index(scan.label) for scan, _ in read]),
        unreadable=[result for result in said if isinstance(result, str)],
        novelty=np.array(novelties) if novelties else None,
    )


def measure(
    readings: Readings,
    classes: tuple[str, ...],
    *,
    protocol: Protocol,
    data: str,
    patients: NDArray[np.int64] | None = None,
    leaked: NDArray[np.bool_] | None = None,
) -> TestResult:
    """Compute the figures of one test.

    Parameters
    ----------
    protocol
        The protocol under which the model was trained, on which the figures' meaning depends.
    data
        Description of the test data.
    patients
        (n,) the number of each scan's patient; None if every scan is of another patient.
    leaked
        (n,) whether a scan has a copy in the full training folder; None if not known.
    """
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    said = readings.probabilities.argmax(axis=1)
    right = said == readings.labels
    numbers = list(range(len(classes)))
    precision, recall, f1, counts = precision_recall_fscore_support(
        readings.labels, said, labels=numbers, zero_division=np.nan
    )
    leak_free: dict[str, Any] | None = None
    if leaked is not None:
        unseen = right[~leaked]
        leak_free = {
            "count": len(unseen),
            "correct": int(unseen.sum()),
            "accuracy": float(unseen.mean()) if len(unseen) else 0.0,
            "interval": share_interval(unseen, None if patients is None else patients[~leaked]),
        }
    return TestResult(
        protocol=protocol,
        data=data,
        count=len(right),
        correct=int(right.sum()),
        accuracy=float(right.mean()),
        interval=share_interval(right, patients),
        per_class={
            name: {
                "count": int(counts[i]),
                "recall": _defined(recall[i]),
                "precision": _defined(precision[i]),
                "f1": _defined(f1[i]),
            }
            for i, name in enumerate(classes)
        },
        confusion=confusion_matrix(readings.labels, said, labels=numbers).tolist(),
        leak_free=leak_free,
        expected_calibration_error=calibration_gap(readings.probabilities.max(axis=1), right),
    )


def _defined(figure: float) -> float | None:
    """Return a figure, or None in place of NaN, which JSON lacks."""
    return None if np.isnan(figure) else float(figure)


def share_interval(
    hits: NDArray[np.bool_], patients: NDArray[np.int64] | None
) -> tuple[float, float]:
    """Return the 95 % interval of the share of True in ``hits``, (n,).

    It is Wilson's interval with the effective number of scans; ``patients`` is as in
    :func:`measure`.
    """
    count, right = len(hits), int(hits.sum())
    if patients is None or not count:
        return wilson_interval(right, count)
    worth = effective_share(hits - right / count, patients)
    return wilson_interval(right * worth, count * worth)


def wilson_interval(correct: float, count: float) -> tuple[float, float]:
    """Return the 95 % confidence interval of a proportion (Wilson 1927), each 0 to 1."""
    if count == 0:
        return 0.0, 1.0
    share, z2 = correct / count, Z_95**2
    centre = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z_95 / (1 + z2 / count) * np.sqrt(share * (1 - share) / count + z2 / (4 * count**2))
    # Exactly 0 and 1 at the ends: rounding could exclude the proportion itself.
    low = float(centre - half) if correct else 0.0
    return low, float(centre + half) if correct < count else 1.0

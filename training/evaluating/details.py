"""Details of a test beside its figures: a row per scan, reliability bins, another model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.pack import ModelPack
from training.calibration import BINS, confidence_bins
from training.evaluating.evaluation import Readings
from training.evaluating.patients import Patients
from training.evaluating.statistics import holm, paired_tests


def scan_rows(readings: Readings, classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return one row per scan: its file, its class, the verdict, all probabilities and the novelty.

    The novelty is None for a model without prototypes.
    """
    said = readings.probabilities.argmax(axis=1)
    unknown = [None] * len(said)
    novelties = unknown if readings.novelty is None else readings.novelty.tolist()
    return [
        {
            "path": str(scan.path),
            "is": scan.label,
            "said": classes[verdict],
            "probabilities": [round(float(value), 5) for value in probabilities],
            "novelty": novelty,
        }
        for scan, verdict, probabilities, novelty in zip(
            readings.scans, said, readings.probabilities, novelties, strict=True
        )
    ]


def reliability(readings: Readings) -> list[dict[str, float]]:
    """Return the non-empty bins of the reliability diagram (Guo et al. 2017).

    A bin holds the scans whose verdict has a probability in one of :data:`BINS` equal parts of 0 to
    1: ``probability`` is the mean of these, ``right`` the accuracy on them and ``count`` their number.
    """
    said = readings.probabilities.argmax(axis=1)
    sure = readings.probabilities.max(axis=1)
    right = said == readings.labels
    places = confidence_bins(sure)
    return [
        {
            "probability": float(sure[chosen].mean()),
            "right": float(right[chosen].mean()),
            "count": int(chosen.sum()),
        }
        for place in range(BINS)
        if (chosen := places == place).any()
    ]


def against(
    first: tuple[ModelPack, Readings], second: tuple[ModelPack, Readings], patients: Patients
) -> dict[str, Any]:
    """Compare two models on the scans that both could read, overall and class by class.

    Parameters
    ----------
    patients
        The patients of the first model's scans.

    Returns
    -------
    The second model's name and id, and ``parts``: for all classes (:func:`name_of_all`) and for each
    class, the number of scans, the accuracy of each model (0 to 1) and the p-value of
    :func:`training.evaluating.statistics.exchange_test`. The p-values are corrected for their number
    (Holm): otherwise one of two equal models would seem better in some class in more than one
    test of twenty.
    """
    right = [_right(readings) for _, readings in (first, second)]
    shared = np.array([scan.path in right[1] for scan in first[1].scans], bool)
    scans = [scan for scan in first[1].scans if scan.path in right[1]]
    own = patients.numbers[shared]
    both = np.array([[one[scan.path] for scan in scans] for one in right], bool)
    classes = first[0].card.classes
    parts = {name_of_all(classes): np.ones(len(scans), bool)} | {
        name: _is(scans, name) for name in classes
    }
    return {
        "model": second[0].card.name,
        "model_id": second[0].card.id,
        "parts": _corrected(
            {name: _compared(both[:, chosen], own[chosen]) for name, chosen in parts.items()}
        ),
    }


def name_of_all(classes: Sequence[str]) -> str:
    """Return the name for all classes together: "all", unless a class has that name."""
    name = "all"
    while name in classes:
        name += " classes"
    return name


def _corrected(parts: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    asked = [name for name, part in parts.items() if part["count"]]
    adjusted = holm([parts[name]["p_value"] for name in asked])
    return parts | {
        name: parts[name] | {"p_value": p_value}
        for name, p_value in zip(asked, adjusted, strict=True)
    }


def _right(readings: Readings) -> dict[Any, bool]:
    said = readings.probabilities.argmax(axis=1)
    return {
        scan.path: bool(verdict == label)
        for scan, verdict, label in zip(readings.scans, said, readings.labels, strict=True)
    }


def _is(scans: list[LabelledScan], name: str) -> NDArray[np.bool_]:
    return np.array([scan.label == name for scan in scans], bool)


def _compared(right: NDArray[np.bool_], patients: NDArray[np.int64]) -> dict[str, float]:
    if not right.shape[1]:
        return {"count": 0, "first": 0.0, "second": 0.0, "p_value": 1.0}
    (pair,) = paired_tests(right, patients)
    return {
        "count": right.shape[1],
        "first": float(right[0].mean()),
        "second": float(right[1].mean()),
        "p_value": pair.p_value,
    }

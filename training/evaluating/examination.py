"""Everything that is measured of one model, in one place; plain data for the report and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.dataset import LabelledScan
from btgui.engine.model_card import TestResult
from btgui.engine.model_pack import ModelPack
from training.calibration import expected_calibration_error, softmax
from training.evaluating.explanations import measure_pointing, summarise
from training.evaluating.figures import (
    HEALTHY,
    Estimate,
    class_figures,
    proportion,
    summary_figures,
    tumour_figures,
)
from training.evaluating.groups import Groups
from training.evaluating.randomisation import Forgotten, check_randomisation
from training.evaluation import Readings, read_all
from training.timing import PredictionTimes, time_predictions

Say = Callable[[str], None]
_SCANS_FOR_RANDOMISATION = 8


@dataclass(frozen=True, eq=False)
class Examination:
    """What a test found.

    Attributes
    ----------
    groups
        Name of a way to part the scans, then of a part, to its figures.
    calibration_error
        Expected calibration error without ("before") and with the card's temperature.
    strangers
        A folder of abnormal scans of no class that the model knows, to the share of
        them that it called healthy.
    pointing
        Rows of :func:`summarise`; empty where no outlines were given.
    """

    pack: ModelPack
    data: str
    result: TestResult
    readings: Readings
    summary: dict[str, Estimate]
    classes: dict[str, dict[str, Estimate]]
    tumour: dict[str, Estimate]
    groups: dict[str, dict[str, dict[str, Any]]]
    calibration_error: dict[str, float]
    times: PredictionTimes
    strangers: dict[str, Estimate] = field(default_factory=dict)
    pointing: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[Forgotten] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return all figures as plain JSON values."""

        def plain(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
            return {name: asdict(one) for name, one in estimates.items()}

        return asdict(self.result) | {
            "unreadable": self.readings.unreadable,
            "summary": plain(self.summary),
            "classes": {name: plain(figures) for name, figures in self.classes.items()},
            "tumour_or_not": plain(self.tumour),
            "groups": self.groups,
            "calibration_error": self.calibration_error,
            "milliseconds": asdict(self.times),
            "parameters": self.pack.card.parameter_count,
            "training_seconds": self.pack.card.training.get("seconds"),
            "strangers_called_healthy": plain(self.strangers),
            "pointing": self.pointing,
            "randomisation": [asdict(one) for one in self.forgotten],
        }


def examine(
    pack: ModelPack, readings: Readings, result: TestResult, groups: Mapping[str, Groups]
) -> Examination:
    """Compute the figures of a test from what the model said.

    Parameters
    ----------
    groups
        Ways to part the scans, by name.

    Raises
    ------
    ScanError
        None of the scans can be read again to time predictions.
    """
    classes = pack.card.classes
    labels, probabilities = readings.labels, readings.probabilities
    parts = {
        way: {
            name: _part(labels[chosen], probabilities[chosen], classes)
            for name, chosen in of.items()
            if chosen.any()
        }
        for way, of in groups.items()
    }
    return Examination(
        pack=pack,
        data=result.data,
        result=result,
        readings=readings,
        summary=summary_figures(labels, probabilities),
        classes=class_figures(labels, probabilities, classes),
        tumour=tumour_figures(labels, probabilities, classes),
        groups={way: of for way, of in parts.items() if of},
        calibration_error={
            "before": expected_calibration_error(uncalibrated(readings, pack), labels),
            "after": expected_calibration_error(probabilities, labels),
        },
        times=time_predictions(Analyser(pack), [scan.path for scan in readings.scans]),
    )


def uncalibrated(readings: Readings, pack: ModelPack) -> NDArray[np.float64]:
    """Return the probabilities without the card's temperature: softmax(T log p), (n, classes)."""
    logits = pack.card.temperature * np.log(np.maximum(readings.probabilities, 1e-12))
    return softmax(logits)


def add_strangers(examination: Examination, folders: list[Path], say: Say) -> Examination:
    """Measure how many abnormal scans of unknown kinds the model calls healthy.

    Raises
    ------
    DatasetError
        A folder is missing or holds no scan that can be read.
    """
    from btgui.engine.dataset import read_class_folder

    shares = {}
    healthy = examination.pack.card.classes.index(HEALTHY)
    for folder in folders:
        scans = read_class_folder(folder, HEALTHY)  # the label is not used
        said = read_all(examination.pack, scans, say).probabilities.argmax(axis=1)
        shares[folder.name] = proportion(said == healthy)
    return replace(examination, strangers=shares)


def add_explanations(
    examination: Examination, masks: Mapping[Path, Path], limit: int, seed: int, say: Say
) -> Examination:
    """Measure the heatmaps of outlined scans, and the randomisation check on a few of them.

    Parameters
    ----------
    limit
        At most so many outlined scans, drawn at random.
    """
    outlined = [s for s in examination.readings.scans if s.path.resolve() in masks]
    generator = np.random.default_rng(seed)
    chosen = sorted(generator.permutation(len(outlined))[:limit].tolist())
    some: list[LabelledScan] = [outlined[index] for index in chosen]
    say(f"Explaining {len(some)} of {len(outlined)} outlined scans …")
    pointings = measure_pointing(Analyser(examination.pack), some, masks, say)
    few = [scan.path for scan in some[:_SCANS_FOR_RANDOMISATION]]
    say("Randomising the network from the top …")
    return replace(
        examination,
        pointing=summarise(pointings),
        forgotten=check_randomisation(examination.pack, few, seed) if few else [],
    )


def _part(
    labels: NDArray[np.int64], probabilities: NDArray[np.float64], classes: tuple[str, ...]
) -> dict[str, Any]:
    said = probabilities.argmax(axis=1)
    tumour = tumour_figures(labels, probabilities, classes)
    return {
        "count": len(labels),
        "accuracy": asdict(proportion(said == labels)),
        "calibration_error": expected_calibration_error(probabilities, labels),
        "tumour_or_not": {name: asdict(one) for name, one in tumour.items()},
    }

"""All figures of one model's test, as plain data for the report and JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.card import TestResult
from btgui.engine.models.pack import ModelPack
from btgui.engine.softmax import softmax
from training.calibration import calibration_error_by_chance, logits_of
from training.evaluating.details import name_of_all
from training.evaluating.evaluation import Estimate, Readings, read_all
from training.evaluating.explanations import measure_pointing, summarise
from training.evaluating.figures import (
    calibration_figure,
    class_figures,
    proportion,
    summary_figures,
    tumour_figures,
)
from training.evaluating.groups import Groups
from training.evaluating.patients import Patients, patients_of
from training.evaluating.randomisation import Forgotten, check_randomisation
from training.timing import PredictionTimes, time_in_turns
from training.turns import mixed

Say = Callable[[str], None]
GoOn = Callable[[], None]
_SCANS_FOR_RANDOMISATION = 8


@dataclass(frozen=True, eq=False)
class Examination:
    """The figures of a test.

    Attributes
    ----------
    groups
        Figures by grouping of the scans (such as "By folder") and group.
    patients
        The patients of the scans.
    calibration_error
        Expected calibration error without ("before") and with ("after") the card's temperature.
    calibration_by_chance
        The value of each that a perfectly calibrated model would show by chance.
    cautions
        Sentences that a reader must know first.
    strangers
        For each folder of abnormal scans of classes that the model does not know, the share
        classified as healthy, the number of scans and their patients.
    outlined
        Number of scans with an outline; None if no outlines were given.
    pointing
        Rows of :func:`summarise`; empty without outlined scans.
    forgotten
        Steps of the randomisation check; empty without outlined scans.
    against
        The comparison of :func:`training.evaluating.details.against` with another model.
    """

    pack: ModelPack
    result: TestResult
    readings: Readings
    summary: dict[str, Estimate]
    classes: dict[str, dict[str, Estimate]]
    tumour: dict[str, Estimate]
    groups: dict[str, dict[str, dict[str, Any]]]
    calibration_error: dict[str, Estimate]
    calibration_by_chance: dict[str, float]
    times: PredictionTimes
    patients: Patients
    cautions: list[str] = field(default_factory=list)
    strangers: dict[str, dict[str, Any]] = field(default_factory=dict)
    outlined: int | None = None
    pointing: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[Forgotten] = field(default_factory=list)
    against: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return all figures as plain JSON values, null if a figure or bound is not defined."""

        def plain(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
            return {name: asdict(one) for name, one in estimates.items()}

        figures = asdict(self.result) | {
            "patients": self.patients.to_json(),
            "cautions": self.cautions,
            "unreadable": self.readings.unreadable,
            "summary": plain(self.summary),
            "classes": {name: plain(figures) for name, figures in self.classes.items()},
            "tumour_or_not": plain(self.tumour),
            "groups": self.groups,
            "calibration_error": {n: one.value for n, one in self.calibration_error.items()},
            "calibration": {
                name: asdict(one) | {"by_chance": self.calibration_by_chance[name]}
                for name, one in self.calibration_error.items()
            },
            "milliseconds": asdict(self.times),
            "parameters": self.pack.card.parameter_count,
            "training_seconds": self.pack.card.training.get("seconds"),
            "strangers_called_healthy": self.strangers,
            "outlined_scans": self.outlined,
            "pointing": self.pointing,
            "randomisation": [asdict(one) for one in self.forgotten],
        }
        if self.against is not None:
            figures["against"] = self.against
        return {name: _finite(one) for name, one in figures.items()}


def examine(
    pack: ModelPack,
    readings: Readings,
    result: TestResult,
    groups: Mapping[str, Groups],
    cautions: list[str],
    patients: Patients,
) -> Examination:
    """Compute the figures of a test from the model's readings.

    Parameters
    ----------
    groups
        Groupings of the scans, by name.
    cautions
        Sentences that a reader must know first.
    patients
        The patients of the scans.

    Raises
    ------
    ScanError
        None of the scans can be read again to time predictions.
    """
    classes = pack.card.classes
    labels, probabilities = readings.labels, readings.probabilities
    own = patients.numbers
    healthy = pack.card.healthy_index
    ways = {"before": uncalibrated(readings, pack), "after": probabilities}
    parts = {
        way: {
            name: _part(labels[chosen], probabilities[chosen], healthy, patients.of(chosen))
            for name, chosen in of.items()
            if chosen.any()
        }
        for way, of in groups.items()
    }
    by_class = class_figures(labels, probabilities, classes, own)
    areas = [figures["auc"] for figures in by_class.values()]
    (times,) = time_in_turns([Analyser(pack)], readings.scans)
    return Examination(
        pack=pack,
        result=result,
        readings=readings,
        summary=summary_figures(labels, probabilities, areas, own),
        classes=by_class,
        tumour=tumour_figures(labels, probabilities, healthy, own),
        groups={way: of for way, of in parts.items() if of},
        calibration_error={name: calibration_figure(p, labels, own) for name, p in ways.items()},
        calibration_by_chance={
            name: calibration_error_by_chance(p.max(axis=1)) for name, p in ways.items()
        },
        patients=patients,
        cautions=cautions,
        times=times,
    )


def uncalibrated(readings: Readings, pack: ModelPack) -> NDArray[np.float64]:
    """Return the probabilities before temperature scaling: softmax(T log p), (n, classes)."""
    logits = logits_of(readings.probabilities, pack.card.temperature)
    return softmax(logits)


def add_strangers(
    examination: Examination, strangers: Mapping[str, list[LabelledScan]], go_on: GoOn
) -> Examination:
    """Measure how many abnormal scans of unknown classes the model classifies as healthy.

    Parameters
    ----------
    strangers
        The scans by folder, from :func:`training.evaluating.strangers.list_strangers`.
    go_on
        Called after each batch; may raise to stop.

    Raises
    ------
    DatasetError
        No scan of a folder can be read.
    """
    healthy = examination.pack.card.healthy_index
    shares = {}
    for name, scans in strangers.items():
        read = read_all(examination.pack, scans, lambda _count: go_on())
        said = read.probabilities.argmax(axis=1)
        patients = patients_of(read.scans)
        counts = {"count": len(said), "patients": patients.to_json()}
        shares[name] = asdict(proportion(said == healthy, patients.numbers)) | counts
    return replace(examination, strangers=shares)


def add_explanations(
    examination: Examination,
    masks: Mapping[Path, Path],
    limit: int,
    say: Say,
    go_on: GoOn,
) -> Examination:
    """Measure the heatmaps of outlined scans, and run the randomisation check on a few of them.

    Parameters
    ----------
    limit
        Largest number of outlined scans to explain; they are sampled with a fixed seed.
    go_on
        Called before each scan and each step of the check; may raise to stop.
    """
    scans = examination.readings.scans
    outlined = [place for place, scan in enumerate(scans) if scan.path.resolve() in masks]
    if not outlined:
        say("None of the tested scans has an outline, so no heatmaps are measured.")
        return replace(examination, outlined=0)
    generator = np.random.default_rng(0)
    chosen = [
        outlined[one] for one in sorted(generator.permutation(len(outlined))[:limit].tolist())
    ]
    some = [scans[place] for place in chosen]
    say(f"Computing heatmaps of {len(some):,} of {len(outlined):,} outlined scans …")
    pointings = measure_pointing(Analyser(examination.pack), some, masks, say, go_on)
    few = mixed(some, np.random.default_rng(0))[:_SCANS_FOR_RANDOMISATION]
    say("Randomising the network's weights from the top …")
    return replace(
        examination,
        outlined=len(outlined),
        pointing=summarise(
            pointings,
            examination.patients.numbers[chosen],
            name_of_all(examination.pack.card.classes),
        ),
        forgotten=check_randomisation(examination.pack, few, say, go_on),
    )


def _part(
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    healthy: int | None,
    patients: Patients,
) -> dict[str, Any]:
    own = patients.numbers
    said = probabilities.argmax(axis=1)
    tumour = tumour_figures(labels, probabilities, healthy, own)
    calibration = calibration_figure(probabilities, labels, own)
    by_chance = calibration_error_by_chance(probabilities.max(axis=1))
    return {
        "count": len(labels),
        "patients": patients.to_json(),
        "accuracy": asdict(proportion(said == labels, own)),
        "calibration_error": calibration.value,
        "calibration": asdict(calibration) | {"by_chance": by_chance},
        "tumour_or_not": {name: asdict(one) for name, one in tumour.items()},
    }


def _finite(value: Any) -> Any:  # noqa: ANN401  (nested JSON)
    """Replace NaN, which JSON lacks, by None."""
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124

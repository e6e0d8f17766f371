"""All that is computed from a comparison, ready to be written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isnan
from typing import Any

import numpy as np

from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS, PUBLISHED
from training.comparison.ablations import Ablation, find_ablations
from training.comparison.cautions import cautions
from training.comparison.measuring import Comparison, Measured
from training.comparison.shared_errors import SharedErrors, find_shared_errors
from training.evaluating.evaluation import wilson_interval
from training.evaluating.figures import Estimate, f1_interval, weighted_figures
from training.evaluating.statistics import PairedTest, paired_tests

WEIGHTED = ("precision", "recall", "f1")


@dataclass(frozen=True, eq=False)
class Findings:
    """A comparison with its paired tests, shared errors, ablations and cautions."""

    comparison: Comparison
    tests: list[PairedTest]
    errors: SharedErrors
    ablations: list[Ablation]
    cautions: list[str]
    created: datetime


@dataclass(frozen=True)
class ClassFigures:
    """A class's figures, 0 to 1, with their 95 % intervals.

    ``count`` is of its scans, ``said`` of the scans that the model gave to it: where
    that is none, the precision is not defined and None, and so are the others without scans.
    """

    count: int
    said: int
    recall: float | None
    recall_interval: tuple[float, float]
    precision: float | None
    precision_interval: tuple[float, float]
    f1: float | None
    f1_interval: tuple[float, float]


def find(comparison: Comparison) -> Findings:
    """Compute everything that follows from what the models said."""
    return Findings(
        comparison=comparison,
        tests=paired_tests(comparison.right),
        errors=find_shared_errors(~comparison.right, comparison.sure),
        ablations=find_ablations([model.contender for model in comparison.models]),
        cautions=cautions(comparison),
        created=datetime.now(UTC),
    )


def weighted(model: Measured) -> dict[str, Estimate]:
    """Return each figure's mean over the classes, weighted by their scans (as published)."""
    figures = weighted_figures(np.array(model.result.confusion))
    return {name: figures[name] for name in WEIGHTED}


def class_figures(model: Measured) -> dict[str, ClassFigures]:
    """Return the figures of each class, by its name."""
    confusion = model.result.confusion
    figures = {}
    for place, (name, values) in enumerate(model.result.per_class.items()):
        right, true = confusion[place][place], sum(confusion[place])
        said = sum(row[place] for row in confusion)
        figures[name] = ClassFigures(
            count=true,
            said=said,
            recall=values["recall"],
            recall_interval=wilson_interval(right, true),
            precision=values["precision"],
            precision_interval=wilson_interval(right, said),
            f1=values["f1"],
            f1_interval=f1_interval(right, true + said - right),
        )
    return figures


def to_json(findings: Findings) -> dict[str, Any]:
    """Return all numbers as plain JSON values."""
    comparison, errors = findings.comparison, findings.errors
    marks = [model.contender.mark for model in comparison.models]
    return {
        "format": 1,
        "created": findings.created.isoformat(timespec="seconds"),
        "data": list(comparison.data),
        "classes": list(comparison.classes),
        "device": comparison.device,
        "cautions": findings.cautions,
        "models": [_model(model) for model in comparison.models],
        "paired_tests": [
            asdict(test) | {"first": marks[test.first], "second": marks[test.second]}
            for test in findings.tests
        ],
        "shared_errors": {
            "matrix": errors.matrix.tolist(),
            "combinations": [
                {"models": [marks[i] for i in one.models], "scans": one.count}
                for one in errors.combinations
            ],
            "wrong_by_any": errors.wrong_by_any,
            "wrong_by_all": errors.wrong_by_all,
        },
        "ablations": [
            {"subject": one.subject, "with": marks[one.with_it], "without": marks[one.without_it]}
            for one in findings.ablations
        ],
        "published": {
            "protocol": "published",
            "test_scans": OFFICIAL_TEST_SCANS,
            "models": [asdict(known) for known in PUBLISHED],
        },
        "scans": _scans(comparison),
        "unreadable": len(comparison.unreadable),
    }


def to_window_json(findings: Findings) -> dict[str, Any]:
    """Return what :mod:`btgui.engine.figures.comparison` reads: all numbers, and the scans' files.

    Paths tell where the user keeps scans: this is for the window, not for a report.
    """
    comparison = findings.comparison
    rows = [
        row | {"path": str(scan.path)}
        for row, scan in zip(_scans(comparison), comparison.scans, strict=True)
    ]
    return to_json(findings) | {"display_names": list(comparison.display_names), "scans": rows}


def _model(model: Measured) -> dict[str, Any]:
    contender, card = model.contender, model.contender.pack.card
    return {
        "mark": contender.mark,
        "name": card.name,
        "label": contender.label,
        "id": card.id,
        "architecture": card.architecture,
        "protocol": contender.protocol,
        "protocol_recorded": contender.protocol_words == contender.protocol,
        "trained_on": list(contender.trained_on),
        "weights": contender.weights,
        "averaged": list(contender.averaged),
        "parameters": card.parameter_count,
        "training_seconds": contender.seconds,
        "history": contender.history or None,
        "preprocessing": card.preprocessing.to_json(),
        "result": asdict(model.result),
        "weighted": {name: one.value for name, one in weighted(model).items()},
        # Null where scans cannot tell: JSON has no word for what is not a number.
        "weighted_intervals": {
            name: None if isnan(one.low) else (one.low, one.high)
            for name, one in weighted(model).items()
        },
        "by_class": {name: asdict(one) for name, one in class_figures(model).items()},
        "milliseconds": asdict(model.times),
    }


def _scans(comparison: Comparison) -> list[dict[str, Any]]:
    said = [
        (model.contender.mark, model.said, model.probabilities.max(axis=1))
        for model in comparison.models
    ]
    return [
        {
            "scan": name,
            "true": comparison.classes[comparison.labels[i]],
            "has_copy": None if comparison.leaked is None else bool(comparison.leaked[i]),
            "said": {mark: comparison.classes[answers[i]] for mark, answers, _ in said},
            "probability": {mark: round(float(sure[i]), 4) for mark, _, sure in said},
        }
        for i, name in enumerate(comparison.names)
    ]

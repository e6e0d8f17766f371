"""The results of a comparison, ready to be written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isnan
from typing import Any

from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS, PUBLISHED
from training.comparison.ablations import Ablation, find_ablations
from training.comparison.cautions import beside_published, cautions
from training.comparison.measuring import Comparison, Measured
from training.comparison.shared_errors import SharedErrors, find_shared_errors
from training.evaluating import figures
from training.evaluating.evaluation import Estimate
from training.evaluating.statistics import PairedTest, paired_tests

WEIGHTED = ("precision", "recall", "f1")


@dataclass(frozen=True, eq=False)
class Findings:
    """A comparison with its paired tests, shared errors, ablations and cautions.

    ``about_published`` is a caution for readers who are shown the published figures; "" if none.
    """

    comparison: Comparison
    tests: list[PairedTest]
    errors: SharedErrors
    ablations: list[Ablation]
    cautions: list[str]
    about_published: str
    created: datetime

    @property
    def all_cautions(self) -> list[str]:
        """The cautions for a reader who is also shown the published figures."""
        return [*self.cautions, *filter(None, [self.about_published])]

    @property
    def test(self) -> str:
        """The paired test of two models, in words."""
        by = "patient" if self.comparison.patients.count else "scan"
        return f"McNemar's exact test by {by}"


def find(comparison: Comparison) -> Findings:
    """Compute all results from the models' readings."""
    return Findings(
        comparison=comparison,
        tests=paired_tests(comparison.right, comparison.patients.numbers),
        errors=find_shared_errors(~comparison.right, comparison.sure),
        ablations=find_ablations([model.contender for model in comparison.models]),
        cautions=cautions(comparison),
        about_published=beside_published(comparison),
        created=datetime.now(UTC),
    )


def weighted(comparison: Comparison, model: Measured) -> dict[str, Estimate]:
    """Return each figure's mean over the classes, weighted by class size (as published)."""
    found = figures.weighted_figures(
        comparison.labels, model.said, len(comparison.classes), comparison.patients.numbers
    )
    return {name: found[name] for name in WEIGHTED}


def class_figures(comparison: Comparison, model: Measured) -> dict[str, dict[str, Estimate]]:
    """Return the figures of each class, by its name; NaN if no scan determines a figure."""
    return figures.class_figures(
        comparison.labels, model.probabilities, comparison.classes, comparison.patients.numbers
    )


def to_json(findings: Findings) -> dict[str, Any]:
    """Return all figures as plain JSON values."""
    comparison, errors = findings.comparison, findings.errors
    marks = [model.contender.mark for model in comparison.models]
    return {
        "format": 1,
        "created": findings.created.isoformat(timespec="seconds"),
        "data": list(comparison.data),
        "classes": list(comparison.classes),
        "device": comparison.device,
        "cautions": findings.all_cautions,
        "patients": comparison.patients.to_json(),
        "models": [_model(comparison, model) for model in comparison.models],
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
    """Return what :mod:`btgui.engine.figures.comparison` reads: all figures and the scans' files.

    Paths reveal where the user keeps the scans, so they are for the window and not for a report.
    """
    comparison = findings.comparison
    rows = [
        row | {"path": str(scan.path)}
        for row, scan in zip(_scans(comparison), comparison.scans, strict=True)
    ]
    return to_json(findings) | {"display_names": list(comparison.display_names), "scans": rows}


def _model(comparison: Comparison, model: Measured) -> dict[str, Any]:
    contender, card = model.contender, model.contender.pack.card
    means = weighted(comparison, model)
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
        "weighted": {name: one.value for name, one in means.items()},
        "weighted_intervals": {name: (one.low, one.high) for name, one in means.items()},
        "by_class": _by_class(comparison, model),
        "milliseconds": asdict(model.times),
    }


def _by_class(comparison: Comparison, model: Measured) -> dict[str, dict[str, Any]]:
    """Return each class's figures as plain JSON values; "said" is the number of its verdicts."""
    found: dict[str, dict[str, Any]] = {}
    for place, (name, estimates) in enumerate(class_figures(comparison, model).items()):
        counts = {"count": comparison.labels == place, "said": model.said == place}
        found[name] = {which: int(of.sum()) for which, of in counts.items()}
        for which in WEIGHTED:
            one = estimates[which]
            found[name][which] = None if isnan(one.value) else one.value
            found[name][f"{which}_interval"] = (one.low, one.high)
    return found


def _scans(comparison: Comparison) -> list[dict[str, Any]]:
    said = [
        (model.contender.mark, model.said, model.probabilities.max(axis=1))
        for model in comparison.models
    ]
    return [
        {
            "scan": i + 1,
            "true": comparison.classes[label],
            "has_copy": None if comparison.leaked is None else bool(comparison.leaked[i]),
            "said": {mark: comparison.classes[answers[i]] for mark, answers, _ in said},
            "probability": {mark: round(float(sure[i]), 4) for mark, _, sure in said},
        }
        for i, label in enumerate(comparison.labels)
    ]

"""The report's tables: the published Tables 4 to 6 for the user's own models, and more."""

from __future__ import annotations

from btgui.engine.counting import counted
from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS, PUBLISHED
from training.comparison.ablations import describe, is_augmented
from training.comparison.contenders import Contender
from training.comparison.findings import WEIGHTED, Findings, class_figures, weighted
from training.comparison.measuring import Comparison
from training.evaluating.evaluation import Estimate, wilson_interval
from training.evaluating.patients import Patients
from training.reports import page
from training.reports.page import NONE, Cell, duration, percent, signed, with_interval


def models_table(comparison: Comparison) -> str:
    """Return the table that describes each model and its mark."""
    rows: list[list[Cell]] = []
    for model in comparison.models:
        contender, card = model.contender, model.contender.pack.card
        rows.append(
            [
                contender.mark,
                (card.name, card.id),
                card.architecture,
                contender.protocol_words,
                contender.trained_on_words,
                describe(card.preprocessing),
                _augmentation(contender),
            ]
        )
    headers = (
        "",
        "model",
        "network",
        "protocol",
        "trained on",
        "preprocessing",
        "augmentation",
    )
    return page.table(headers, rows, words=len(headers))


def accuracy_table(comparison: Comparison) -> str:
    """Return Table 4: accuracy, precision, recall and F1 of the models, and as published."""
    leaks = comparison.leaked is not None
    rows: list[list[Cell]] = []
    for model in comparison.models:
        result, contender = model.result, model.contender
        row: list[Cell] = [
            contender.mark,
            contender.label,
            contender.protocol_words,
            with_interval(result.accuracy, result.interval),
            *map(_cell, weighted(comparison, model).values()),
        ]
        if leaks:
            free = result.leak_free or {"count": 0}
            row.append(with_interval(free["accuracy"], free["interval"]) if free["count"] else NONE)
        rows.append(row)
    for known in PUBLISHED:
        right = round(known.accuracy * OFFICIAL_TEST_SCANS)
        interval = wilson_interval(right, OFFICIAL_TEST_SCANS)
        accuracy = (percent(known.accuracy, 2), with_interval(known.accuracy, interval)[1])
        rows.append(
            [
                "",
                f"{known.name}, as published",
                "published",
                accuracy,
                *[NONE] * (len(WEIGHTED) + leaks),
            ]
        )
    headers = ["", "model", "protocol", "accuracy", "precision", "recall", "F1"]
    if leaks:
        headers.append("accuracy without copies")
    return page.table(headers, rows, words=3, quiet_from=len(comparison.models))


def classes_table(comparison: Comparison) -> str:
    """Return the table of recall, precision and F1 by class and model, with intervals."""
    by_model = [class_figures(comparison, model) for model in comparison.models]
    rows: list[list[Cell]] = []
    named = zip(comparison.classes, comparison.display_names, strict=True)
    for index, (name, shown) in enumerate(named):
        patients = comparison.patients.of(comparison.labels == index)
        for place, (model, figures) in enumerate(zip(comparison.models, by_model, strict=True)):
            rows.append(
                [
                    (shown, _count(patients)) if place == 0 else "",
                    model.contender.title,
                    *(_cell(figures[name][which]) for which in ("recall", "precision", "f1")),
                ]
            )
    return page.table(("class", "model", "recall", "precision", "F1"), rows, words=2)


def pairs_table(findings: Findings) -> str:
    """Return the table of paired tests of each two models."""
    marks = [model.contender.mark for model in findings.comparison.models]
    rows: list[list[Cell]] = []
    for test in findings.tests:
        low, high = test.interval
        rows.append(
            [
                f"{marks[test.first]} and {marks[test.second]}",
                f"{test.both_right:,}",
                f"{test.only_first:,}",
                f"{test.only_second:,}",
                f"{test.both_wrong:,}",
                (signed(100 * test.difference), f"{signed(100 * low)} to {signed(100 * high)}"),
                page.p_value(test.p_value),
                page.p_value(test.p_adjusted),
            ]
        )
    headers = (
        "models",
        "both correct",
        "only the first",
        "only the second",
        "both wrong",
        "first minus second, points",
        "p",
        "p, corrected",
    )
    return page.table(headers, rows, words=1)


def size_table(comparison: Comparison) -> str:
    """Return Table 5: parameters and training time."""
    rows: list[list[Cell]] = []
    for model in comparison.models:
        contender, card = model.contender, model.contender.pack.card
        epochs = len(contender.history.get("loss", ()))
        rows.append(
            [
                contender.mark,
                contender.label,
                contender.weights,
                f"{card.parameter_count / 1e6:.2f}",
                duration(contender.seconds),
                str(epochs) if epochs else "not recorded",
            ]
        )
    rows += [
        ["", f"{known.name}, as published", NONE, f"{known.parameters / 1e6:.2f}", NONE, NONE]
        for known in PUBLISHED
    ]
    headers = ("", "model", "initial weights", "parameters, millions", "training time", "epochs")
    return page.table(headers, rows, words=3, quiet_from=len(comparison.models))


def times_table(comparison: Comparison) -> str:
    """Return Table 6: time of one prediction, in milliseconds."""
    rows: list[list[Cell]] = []
    for model in comparison.models:
        times = model.times
        figures = (times.minimum, times.mean, times.median, times.percentile_95, times.maximum)
        rows.append(
            [
                model.contender.mark,
                model.contender.label,
                *(f"{one:.1f}" for one in figures),
                str(times.count),
            ]
        )
    headers = ("", "model", "minimum", "mean", "median", "95th percentile", "maximum", "scans")
    return page.table(headers, rows, words=2)


def _cell(estimate: Estimate) -> Cell:
    return with_interval(estimate.value, (estimate.low, estimate.high))


def _count(patients: Patients) -> str:
    scans = counted(len(patients.numbers), "scan")
    return f"{scans}, {patients.in_words}" if patients.count else scans


def _augmentation(contender: Contender) -> str:
    request = contender.request
    if request is None:
        return "several runs" if contender.averaged else "not recorded"
    return "yes" if is_augmented(request) else "none"

"""The result of a test for a terminal: a table of the main figures, and one sentence."""

from __future__ import annotations

from math import isnan

from btgui.engine.percentages import percent_exactly
from training.evaluating.details import name_of_all
from training.evaluating.examination import Examination
from training.reports.page import p_value


def table(examination: Examination) -> str:
    """Return one line per class, and below them one line for each of the other main figures."""
    return "\n".join([*_classes(examination), *_figures(examination)])


def sentence(examination: Examination) -> str:
    """Return the accuracy with its interval, in one sentence."""
    card, result = examination.pack.card, examination.result
    low, high = result.interval
    return (
        f"{card.name}, {card.protocol} protocol: accuracy {percent_exactly(result.accuracy)}, "
        f"{result.correct:,} of {result.count:,} (95 % interval {percent_exactly(low)} to "
        f"{percent_exactly(high)}, from {examination.patients.in_words})."
    )


def _classes(examination: Examination) -> list[str]:
    card, counts = examination.pack.card, examination.result.per_class
    rows = [["", "scans", "recall", "precision", "F1"]]
    for name, shown in zip(card.classes, card.display_names, strict=True):
        figures = examination.classes[name]
        shares = (_percent(figures[which].value) for which in ("recall", "precision", "f1"))
        rows.append([shown, f"{counts[name]['count']:,}", *shares])
    width = max(len(name) for name, *_ in rows)
    return [f"{name:{width}}" + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows]


def _figures(examination: Examination) -> list[str]:
    lines = []
    if tumour := examination.tumour:
        lines.append(
            f"Tumours detected: {_percent(tumour['sensitivity'].value)}. "
            f"Healthy scans classified as no tumour: {_percent(tumour['specificity'].value)}."
        )
    if (free := examination.result.leak_free) and free["count"]:
        lines.append(
            f"Scans without a copy in the training folder: accuracy "
            f"{percent_exactly(free['accuracy'])}, {free['correct']:,} of {free['count']:,}."
        )
    error = _percent(examination.calibration_error["after"].value)
    by_chance = _percent(examination.calibration_by_chance["after"])
    lines.append(f"Calibration error: {error} ({by_chance} by chance alone).")
    if against := examination.against:
        card = examination.pack.card
        other = against["model_id" if against["model"] == card.name else "model"]
        part = against["parts"][name_of_all(card.classes)]
        right, p = _percent(part["second"]), p_value(part["p_value"])
        lines.append(f"{other}: accuracy {right} on the same scans, p {p}.")
    return lines


def _percent(share: float) -> str:
    return "-" if isnan(share) else percent_exactly(share)

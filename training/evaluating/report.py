"""The report of an evaluation: an HTML page with its pictures beside it."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import Any

from btgui.engine.analysis import Analyser
from btgui.engine.counting import counted
from btgui.engine.models.card import ModelCard
from training.calibration import BINS
from training.evaluating import pictures
from training.evaluating.evaluation import Estimate
from training.evaluating.examination import Examination
from training.evaluating.groups import COPIES
from training.evaluating.mistakes import Mistake, draw_mistakes
from training.evaluating.pointing_tables import pointing_tables
from training.reports import page
from training.reports.scan_list import NUMBERS

_MOST_MISTAKES = 60
_PROTOCOLS = {
    "honest": "Honest protocol: the model was trained on no copy of a test scan of its own data set. "
    "This says nothing about scans from elsewhere.",
    "published": "Published protocol: the model was trained on copies of test scans. The figures are "
    "comparable with the literature, but not credible.",
}
_TUMOUR_ROWS = {
    "sensitivity": "Tumours detected (sensitivity)",
    "specificity": "Healthy scans classified as no tumour (specificity)",
    "sensitivity_at_95": "Tumours detected at 95 % specificity",
    "auc": "Area under the ROC curve (0.5: chance, 1: perfect separation)",
}


_SUMMARY = {
    "accuracy": "Accuracy",
    "weighted_precision": "Precision, weighted",
    "weighted_recall": "Recall, weighted",
    "weighted_specificity": "Specificity, weighted",
    "weighted_f1": "F1, weighted",
    "mean_auc": "ROC-AUC, mean of classes",
}
_BY_CLASS = {
    "recall": "Recall (sensitivity)",
    "specificity": "Specificity",
    "precision": "Precision",
    "f1": "F1",
    "auc": "ROC-AUC",
}
_WAYS = {"before": "Before temperature scaling", "after": "After"}


def write_report(examination: Examination, folder: Path) -> Path:
    """Write ``index.html``, its pictures and ``evaluation.json`` into an empty folder.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    OSError
        The files cannot be written.
    """
    parts = [
        *_head(examination),
        *_figures(examination, folder),
        *_beside(examination),
        *_groups(examination),
        *_calibration(examination, folder),
        *_explanations(examination, folder),
        *_cost(examination),
        *_mistakes(examination, folder),
    ]
    numbers = json.dumps(examination.to_json(), indent=1)
    (folder / "evaluation.json").write_text(numbers, encoding="utf-8")
    file = folder / "index.html"
    file.write_text(page.page(examination.pack.card.name, parts), encoding="utf-8")
    return file


def _head(examination: Examination) -> list[str]:
    card, result = examination.pack.card, examination.result
    unreadable = examination.readings.unreadable
    patients = examination.patients
    whose = f" of {patients.in_words}" if patients.count else ""
    return [
        page.title(f"{card.name}: tested on {result.data}"),
        page.cautions("Before you rely on this", examination.cautions),
        page.paragraph(_PROTOCOLS[result.protocol]),
        page.paragraph(
            f"{counted(result.count, 'scan')}{whose}, {result.correct:,} of them classified correctly. "
            + (f"{len(unreadable):,} more could not be read. " if unreadable else "")
            + "For research use and second reading. Not a medical device."
        ),
    ]


def _figures(examination: Examination, folder: Path) -> list[str]:
    card = examination.pack.card
    per_class = [
        [
            shown,
            _count_cell(
                examination.result.per_class[name]["count"],
                examination.patients.of(examination.readings.labels == index).to_json(),
            ),
            *(_figure_cell(column, examination.classes[name][column]) for column in _BY_CLASS),
        ]
        for index, (name, shown) in enumerate(zip(card.classes, card.display_names, strict=True))
    ]
    pictures.draw_confusion(examination, folder / "confusion.png")
    parts = [
        page.heading("Accuracy"),
        page.table(
            tuple(_SUMMARY.values()),
            [[_figure_cell(name, examination.summary[name]) for name in _SUMMARY]],
            words=0,
        ),
        page.table(("Class", "Scans", *_BY_CLASS.values()), per_class, words=1),
        page.paragraph(
            "Below each figure: its 95 % confidence interval. Wilson's for proportions, for F1 (through the "
            "Jaccard index, of which F1 is a function) and for figures weighted by class size (weighted "
            "recall is the accuracy); Newcombe's for areas; a bootstrap for the tumours detected at 95 % "
            "specificity. A dash in place of a figure: no scan determines it; in place of an interval: "
            "there are too few errors, patients or healthy scans to estimate it. In the weighted "
            "precision, a class that is never the verdict counts with 0.",
            "quiet",
        ),
        page.paragraph(examination.patients.about_intervals, "quiet"),
        page.figure("confusion.png", "Confusion matrix.", "confusion matrix"),
    ]
    if any(not isnan(figures["auc"].value) for figures in examination.classes.values()):
        pictures.draw_roc(examination, folder / "roc.png")
        parts.append(page.figure("roc.png", "ROC curves, one versus rest.", "ROC curves"))
    if examination.tumour:
        rows = [
            [_TUMOUR_ROWS[name], _figure_cell(name, one)]
            for name, one in examination.tumour.items()
        ]
        parts += [page.heading("Tumour or no tumour"), page.table(("", "Figure"), rows, words=1)]
    if examination.strangers:
        rows = [
            [
                name,
                _count_cell(share["count"], share["patients"]),
                page.with_interval(share["value"], (share["low"], share["high"])),
            ]
            for name, share in examination.strangers.items()
        ]
        parts += [
            page.paragraph(
                "Abnormal scans of classes that the model does not know, classified as no tumour:"
            ),
            page.table(("Folder", "Scans", "Classified as no tumour"), rows, words=1),
        ]
    return parts


def _beside(examination: Examination) -> list[str]:
    """Return the comparison with another model on the same scans; empty if there is none."""
    against, card = examination.against, examination.pack.card
    if against is None:
        return []
    mine, theirs = card.name, against["model"]
    if mine == theirs:  # a calibrated copy has the same name as its original
        mine, theirs = card.id, against["model_id"]
    names = dict(zip(card.classes, card.display_names, strict=True))
    rows = [
        [
            names.get(name, "All"),
            f"{part['count']:,}",
            page.percent(part["first"]),
            page.percent(part["second"]),
            page.p_value(part["p_value"]),
        ]
        for name, part in against["parts"].items()
        if part["count"]
    ]
    by = " by patient" if examination.patients.count else ""
    return [
        page.heading(f"Compared with {theirs}, on the scans that both could read"),
        page.table(("", "Scans", f"{mine}: correct", f"{theirs}: correct", "p"), rows, words=1),
        page.paragraph(
            f"p: McNemar's exact test{by}, that is, how often equally good models would differ at "
            f"least as much by chance, corrected for the number of rows (Holm). {page.SIGNIFICANCE}"
        ),
    ]


def _groups(examination: Examination) -> list[str]:
    parts = []
    for way, of in examination.groups.items():
        if [figures["count"] for figures in of.values()] == [examination.result.count]:
            continue  # one group of all scans repeats the figures above
        rows = [
            [
                name,
                _count_cell(figures["count"], figures["patients"]),
                _cell(Estimate(**figures["accuracy"])),
                *(
                    _figure_cell(column, Estimate(**figures["tumour_or_not"][column]))
                    if figures["tumour_or_not"]
                    else page.NONE
                    for column in ("sensitivity", "specificity", "sensitivity_at_95", "auc")
                ),
                _calibration_cell(**figures["calibration"]),
            ]
            for name, figures in of.items()
        ]
        headers = (
            "",
            "Scans",
            "Accuracy",
            "Tumours detected",
            "Healthy classified as no tumour",
            "Tumours detected at 95 % specificity",
            "ROC-AUC",
            "Calibration error, and by chance",
        )
        parts += [page.heading(way), page.table(headers, rows, words=1)]
        if COPIES in of:
            text = (
                "The training folder is that of the data set, including scans that an honest run leaves "
                "out. Near copies are often neighbouring slices of one patient."
            )
            parts.append(page.paragraph(text, "quiet"))
    return parts


def _calibration(examination: Examination, folder: Path) -> list[str]:
    pictures.draw_reliability(examination, folder / "reliability.png")
    rows = [
        [
            words,
            _cell(examination.calibration_error[name]),
            page.percent(examination.calibration_by_chance[name]),
        ]
        for name, words in _WAYS.items()
    ]
    return [
        page.heading("Calibration"),
        page.table(("", "Calibration error", "By chance alone"), rows, words=1),
        page.paragraph(
            f"Calibration error: the gap between confidence and accuracy in each of {BINS} bins of "
            f"confidence, averaged by their numbers of scans, with a bootstrap interval. It cannot be negative, so with few scans it is "
            f"too large, and so is its interval (Kumar et al. 2019; Roelofs et al. 2022). "
            f"By chance alone: the error that a perfectly calibrated model with the same confidences "
            f"would show on as many scans, each of another patient, averaged over 400 random samples "
            f"(Bröcker and Smith 2007); only the excess over it is miscalibration. Errors on slices of "
            f"one patient are correlated, which makes the error by chance larger."
        ),
        page.figure(
            "reliability.png",
            "Accuracy of the scans at each confidence; on the dashed line, the two are equal. The number "
            "in a bar is the number of its scans. " + temperature_words(examination.pack.card),
            "reliability diagrams before and after temperature scaling",
        ),
    ]


def temperature_words(card: ModelCard) -> str:
    """Return a sentence on the scans that a model's temperature was fitted to."""
    recalibration = card.training.get("calibrated_on")  # from the ``calibrate`` command
    data = recalibration.get("data") if isinstance(recalibration, dict) else None
    return (
        f"The temperature was refitted ({data})."
        if data
        else "The temperature was fitted on validation scans."
    )


def _explanations(examination: Examination, folder: Path) -> list[str]:
    heading = page.heading("Do the heatmaps point at the tumour?")
    if examination.outlined is None:
        return []
    if not examination.pointing:
        text = (
            "Not measured: none of the tested scans has an outline in the table of masks."
            if examination.outlined == 0
            else "Not measured: no outline of the tested scans can be used."
        )
        return [heading, page.paragraph(text)]
    parts = [
        heading,
        page.paragraph(
            "Measured against experts' outlines for the true class, on the crop that is the network's "
            "input, at a side of 224 px. An uninformative map would have the tumour's share of its heat "
            "in the tumour, and its hottest point there as often; within 15 px of the tumour, as often "
            "as the small figure says: the share of the tumour with 15 px around it."
        ),
        *pointing_tables(examination),
    ]
    if examination.forgotten:
        pictures.draw_randomisation(examination, folder / "randomisation.png")
        parts.append(
            page.figure(
                "randomisation.png",
                "Sanity check (Adebayo et al. 2018): the maps must change as the network's weights "
                "are replaced by random ones from the top down. A line that stays near 1 means that "
                "the explanation does not depend on what the network has learned.",
                "rank correlation of maps after randomisation",
            )
        )
    return parts


def _cost(examination: Examination) -> list[str]:
    times, card = examination.times, examination.pack.card
    seconds = card.training.get("seconds")
    row = [
        f"{card.parameter_count / 1e6:.2f} million",
        page.duration(seconds if isinstance(seconds, (int, float)) else None),
        *(
            f"{value:.1f}"
            for value in (
                times.minimum,
                times.mean,
                times.median,
                times.percentile_95,
                times.maximum,
            )
        ),
    ]
    headers = (
        "Parameters",
        "Training",
        "Minimum (ms)",
        "Mean",
        "Median",
        "95th percentile",
        "Maximum",
    )
    return [
        page.heading("Computational cost"),
        page.table(headers, [row], words=0),
        page.paragraph(
            f"Time in milliseconds from a decoded scan to its probabilities, over {times.count} "
            f"single scans on this computer.",
            "quiet",
        ),
    ]


def _mistakes(examination: Examination, folder: Path) -> list[str]:
    analyser = Analyser(examination.pack)
    mistakes, total = draw_mistakes(
        analyser, examination.readings, folder / "mistakes", _MOST_MISTAKES
    )
    if not mistakes:
        return []
    names = examination.pack.card.display_names
    rest = total - len(mistakes)
    text = (
        f"Each: the scan, the heatmap of the verdict, and the heatmap of the true class. {NUMBERS}"
    )
    if rest:
        text += f" Shown are the {len(mistakes)} most confident; {rest:,} more are not shown."

    def words(one: Mistake) -> str:
        verdict = f"verdict {names[one.said_index]} ({page.probability(one.confidence)})"
        return f"{one.name}: true class {names[one.is_index]}, {verdict}"

    tiles = [(one.picture, words(one)) for one in mistakes]
    return [page.heading("Misclassified scans"), page.paragraph(text), page.scans(tiles)]


def _cell(estimate: Estimate) -> page.Cell:
    return page.with_interval(estimate.value, (estimate.low, estimate.high))


def _count_cell(count: float | None, patients: dict[str, Any] | None) -> page.Cell:
    """Return a number of scans and, below it, the number of their patients if any is known."""
    shown = f"{count or 0:,.0f}"
    return (shown, patients["words"]) if patients else shown


def _figure_cell(name: str, estimate: Estimate) -> page.Cell:
    """Return a figure as a percentage or, for an area under a curve, as a number from 0 to 1."""
    if name.endswith("auc"):
        return page.area_with_interval(estimate.value, (estimate.low, estimate.high))
    return _cell(estimate)


def _calibration_cell(value: float, by_chance: float, **_interval: float) -> page.Cell:
    return page.percent(value), f"{100 * by_chance:.1f} by chance"

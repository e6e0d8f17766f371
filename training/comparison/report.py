"""The report of a comparison: an HTML page with its pictures, and all figures as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from btgui.engine.counting import all_of, counted, one_or
from training.comparison import tables
from training.comparison.ablation_section import ablation_section
from training.comparison.figures import (
    draw_by_parameters,
    draw_by_time,
    draw_confusions,
    draw_curves,
)
from training.comparison.figures_errors import MOST_COMBINATIONS, draw_combinations, draw_shared
from training.comparison.findings import Findings, to_json
from training.comparison.hardest import hardest_scans
from training.comparison.measuring import Measured
from training.reports import page

_NUMBERS_FILE = "comparison.json"
_PUBLISHED_NOTE = (
    "Grey rows are the published framework's own networks, trained and tested under the published "
    "protocol on the official 1,311 test images. The application holds only their accuracy and number "
    "of parameters; a dash stands for every other published figure. The intervals of published "
    "accuracies are computed here, from scans."
)


def write_report(findings: Findings, folder: Path) -> Path:
    """Write ``comparison.html``, its pictures and ``comparison.json`` into an empty folder.

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
        *_opening(findings),
        *_accuracy(findings),
        *_errors(findings, folder),
        *_training(findings, folder),
        *_cost(findings, folder),
        *ablation_section(findings, folder, "preprocessing"),
        *ablation_section(findings, folder, "augmentation"),
        *_method(findings),
    ]
    numbers = json.dumps(to_json(findings), indent=1)
    (folder / _NUMBERS_FILE).write_text(numbers, encoding="utf-8")
    title = f"Comparison on {', '.join(findings.comparison.data)}"
    file = folder / "comparison.html"
    file.write_text(page.page(title, parts), encoding="utf-8")
    return file


def _opening(findings: Findings) -> list[str]:
    comparison = findings.comparison
    counts = ", ".join(
        f"{int((comparison.labels == i).sum())} {name}"
        for i, name in enumerate(comparison.display_names)
    )
    patients = comparison.patients
    whose = f" of {patients.in_words}" if patients.count else ""
    which = "test scan" if comparison.tested.split_given else "scan"
    return [
        page.title(f"{len(comparison.models)} models on the same scans"),
        page.paragraph(
            f"{counted(len(comparison.scans), which)}{whose} in {', '.join(comparison.data)} ({counts}), "
            f"{findings.created.day} {findings.created:%B %Y}.",
            "quiet",
        ),
        page.cautions("Before you compare", findings.all_cautions),
        page.heading("The models"),
        page.paragraph(
            "Honest: copies of the data set's own test scans, rotated and mirrored ones too, were left "
            "out of training; this says nothing about scans from elsewhere. Published: trained on the "
            "whole training folder, including copies of test scans, as in the literature."
        ),
        tables.models_table(comparison),
    ]


def _accuracy(findings: Findings) -> list[str]:
    comparison = findings.comparison
    copies = ""
    if comparison.leaked is not None:
        count = int((~comparison.leaked).sum())
        copies = (
            f" The last column covers the {counted(count, 'scan')} without a copy in the data set's training "
            f"folder, under any of eight flips and quarter turns."
        )
    return [
        page.heading("Table 4: accuracy, precision, recall and F1"),
        page.paragraph(
            "Below each share: its 95 % confidence interval. Precision, recall and F1 are means "
            "over the classes, weighted by class size; weighted recall is the accuracy, and a class "
            "that is never the verdict counts with a precision of 0." + copies
        ),
        tables.accuracy_table(comparison),
        page.paragraph(_PUBLISHED_NOTE, "quiet"),
        page.heading("By class", 3),
        tables.classes_table(comparison),
        page.heading("Pairs of models on the same scans", 3),
        page.paragraph(
            f"p: {findings.test}, that is, how often two equally good models would differ at least "
            "as much by chance. Use the last column, which is corrected for the number of pairs "
            f"(Holm). {page.SIGNIFICANCE}"
        ),
        tables.pairs_table(findings),
    ]


def _errors(findings: Findings, folder: Path) -> list[str]:
    comparison, errors = findings.comparison, findings.errors
    titles = [model.contender.title for model in comparison.models]
    draw_confusions(comparison, folder / "figure-08-confusion.png")
    parts = [
        page.heading("Figure 8: confusion matrices"),
        page.figure(
            "figure-08-confusion.png",
            "Rows: true class. Columns: verdict. Darker: a larger share of the row.",
            f"Confusion matrices of {len(titles)} models.",
        ),
        page.heading("Figure 10: errors that models share"),
    ]
    if errors.wrong_by_any == 0:
        return [*parts, page.paragraph("Every model classifies every scan correctly.")]
    draw_shared(errors, titles, folder / "figure-10-shared.png")
    draw_combinations(errors, titles, folder / "figure-10-combinations.png")
    more = len(errors.combinations) - MOST_COMBINATIONS
    return [
        *parts,
        page.paragraph(
            f"{errors.wrong_by_any:,} of {counted(len(comparison.scans), 'scan')} "
            f"{one_or(errors.wrong_by_any, 'is', 'are')} misclassified by at "
            f"least one model, {errors.wrong_by_all:,} by all."
        ),
        page.figure(
            "figure-10-shared.png",
            "Scans that both models misclassify, and their share of the row's errors. On the "
            "diagonal: all errors of the model.",
            "Heat map of the errors that each pair of models shares.",
        ),
        page.figure(
            "figure-10-combinations.png",
            "Each column is a combination of models (filled dots) with the number of scans that "
            "exactly these misclassify."
            + (f" {more} smaller combinations are not shown." if more > 0 else ""),
            "Bar chart of the combinations of models that misclassify the same scans.",
        ),
        *hardest_scans(comparison, errors),
    ]


def _training(findings: Findings, folder: Path) -> list[str]:
    models = list(enumerate(findings.comparison.models))
    recorded = [(place, model) for place, model in models if model.contender.history]
    lacking = [m.contender.mark for _, m in models if not m.contender.history]
    parts = [page.heading("Figure 11: training curves")]
    if recorded:
        draw_curves(recorded, folder / "figure-11-curves.png")
        parts.append(
            page.figure(
                "figure-11-curves.png",
                "Solid: validation scans. Dotted: training scans, augmented if the training was. "
                "Losses with different label smoothing cannot be compared, nor training losses with "
                "different class weights." + _averages(recorded),
                "Loss and accuracy by epoch, for training and validation scans.",
            )
        )
    if lacking:
        parts.append(page.paragraph(f"Not recorded in the cards of {all_of(lacking)}.", "quiet"))
    return parts


def _averages(models: list[tuple[int, Measured]]) -> str:
    """Return a sentence on the curves of averaged models; "" if there are none."""
    marks = [model.contender.mark for _, model in models if model.contender.averaged]
    if not marks:
        return ""
    return (
        f" {', '.join(marks)}: an average of several models, whose training runs are shown one after "
        f"another."
    )


def _cost(findings: Findings, folder: Path) -> list[str]:
    comparison = findings.comparison
    draw_by_parameters(comparison, folder / "figure-12-parameters.png")
    draw_by_time(comparison, folder / "figure-13-time.png")
    return [
        page.heading("Table 5: parameters and training time"),
        page.paragraph(
            "Training time as recorded on the card: of the last stage only for a model fine-tuned from "
            "another, of all sessions together for an interrupted and resumed run, of all its models "
            "for an average. A dash: the application does not hold the published training times."
        ),
        tables.size_table(comparison),
        page.heading("Table 6: prediction time in milliseconds"),
        page.paragraph(
            f"From decoded image to probabilities, one scan at a time after a warm-up, on "
            f"{comparison.device}. Other running programs make these times longer. Published times "
            f"are not shown: the application holds none, and they come from another computer."
        ),
        tables.times_table(comparison),
        page.heading("Figure 12: accuracy against parameters"),
        page.figure(
            "figure-12-parameters.png",
            "Bars: 95 % confidence intervals. Grey squares: published figures, from the published "
            "protocol. Models of the same size are drawn side by side.",
            "Accuracy against the number of parameters; the numbers are in Tables 4 and 5.",
        ),
        page.heading("Figure 13: accuracy against time"),
        page.figure(
            "figure-13-time.png",
            "Left: time of one prediction on this computer. Right: training time as recorded.",
            "Accuracy against prediction and training time; the numbers are in Tables 4 to 6.",
        ),
    ]


def _method(findings: Findings) -> list[str]:
    exchanged = (
        " Tests of two models exchange their results by patient (Obuchowski 1998; exact, like McNemar's)."
        if findings.comparison.patients.count
        else ""
    )
    return [
        page.heading("How this was measured"),
        page.paragraph(
            "Every model read the same files, as the application reads them. 95 % intervals of "
            "proportions are Wilson's; those of F1 follow from the interval of the Jaccard index, of "
            "which F1 is a function; those of weighted figures are Wilson's for a proportion of the "
            "same variance. Differences of two models have Agresti and Min's interval of paired "
            "proportions. Classes are named as the folders are. "
            f"{findings.comparison.patients.about_intervals}{exchanged}"
        ),
        page.paragraph(
            f"All figures, scan by scan, are in {_NUMBERS_FILE} if the report is a folder."
        ),
        *(
            [page.heading("Scans that could not be read", 3)]
            + [page.paragraph(line) for line in findings.comparison.unreadable[:50]]
            if findings.comparison.unreadable
            else []
        ),
    ]

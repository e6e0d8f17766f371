"""The report's sections on preprocessing and on augmentation (Figures 14 to 16)."""

from __future__ import annotations

from pathlib import Path

from training.comparison.ablations import Ablation, Subject, commands_for
from training.comparison.figures import draw_ablation, draw_curves
from training.comparison.findings import Findings
from training.reports import page

_HEADINGS = {
    "preprocessing": "Figure 14: with and without preprocessing",
    "augmentation": "Figures 15 and 16: with and without augmentation",
}
_FILES = {
    "preprocessing": "figure-14-preprocessing.png",
    "augmentation": "figure-15-augmentation.png",
}
# McNemar's test compares two classifiers, not two ways to train one (Dietterich 1998).
_OF_THESE_MODELS = (
    "Interval and test cover the choice of test scans, not the variation between training runs: with "
    "other seeds the difference may be another one. To attribute it to the training, train several "
    "models of each kind."
)


def ablation_section(findings: Findings, folder: Path, subject: Subject) -> list[str]:
    """Return the parts of a section, and write its pictures into ``folder``.

    If no two models differ in the subject alone, the section gives the commands to train such a pair.
    """
    pairs = [pair for pair in findings.ablations if pair.subject == subject]
    comparison = findings.comparison
    heading = page.heading(_HEADINGS[subject])
    if not pairs:
        return [
            heading,
            page.paragraph(
                f"No two of these models differ in {subject} only. To train such a pair, run these "
                f"commands, both with the same further options, and then compare the two models:"
            ),
            page.commands(commands_for(subject, comparison.models[0].contender)),
        ]
    draw_ablation(comparison, pairs, folder / _FILES[subject])
    parts = [
        heading,
        page.figure(
            _FILES[subject],
            "Models whose recorded requests are otherwise equal, with 95 % confidence intervals.",
            f"Accuracy with and without {subject}; the numbers are in Table 4.",
        ),
        *(page.paragraph(_sentence(findings, pair)) for pair in pairs),
        page.paragraph(_OF_THESE_MODELS, "quiet"),
    ]
    if subject == "augmentation":
        parts += [piece for pair in pairs for piece in _curves(findings, folder, pair)]
    return parts


def _sentence(findings: Findings, pair: Ablation) -> str:
    with_it, without_it = (findings.comparison.models[i] for i in (pair.with_it, pair.without_it))
    (test,) = (
        test
        for test in findings.tests
        if {test.first, test.second} == {pair.with_it, pair.without_it}
    )
    sign = 1 if test.first == pair.with_it else -1
    low, high = sorted(100 * sign * bound for bound in test.interval)
    return (
        f"{with_it.contender.mark} with {pair.subject}, {without_it.contender.mark} without: "
        f"{page.signed(100 * sign * test.difference)} points of accuracy "
        f"({with_it.contender.protocol} protocol; 95 % interval {page.signed(low)} to "
        f"{page.signed(high)}), p {page.p_value(test.p_adjusted)} by {findings.test}, corrected for "
        f"the number of pairs of models."
    )


def _curves(findings: Findings, folder: Path, pair: Ablation) -> list[str]:
    models = [(i, findings.comparison.models[i]) for i in (pair.with_it, pair.without_it)]
    marks = [model.contender.mark for _, model in models]
    if not all(model.contender.history for _, model in models):
        return [page.paragraph(f"Curves of {' and '.join(marks)}: not recorded.", "quiet")]
    file = f"figure-16-curves-{''.join(marks)}.png"
    draw_curves(models, folder / file)
    return [
        page.figure(
            file,
            f"{marks[0]} with and {marks[1]} without augmentation. Solid: validation scans. "
            f"Dotted: training scans. Where the validation loss rises while the training loss falls, "
            f"the network overfits.",
            "Loss and accuracy by epoch with and without augmentation.",
        )
    ]

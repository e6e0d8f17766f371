"""The scans that several models misclassify, as pictures with each model's verdict."""

from __future__ import annotations

from html import escape

from btgui.engine.counting import counted
from training.comparison.measuring import Comparison
from training.comparison.shared_errors import SharedErrors
from training.reports import page
from training.reports.scan_list import NUMBERS, scan_number

_SHOWN = 24


def hardest_scans(comparison: Comparison, errors: SharedErrors) -> list[str]:
    """Return the section on the scans that two or more models misclassify."""
    if not errors.hardest:
        return []
    shown = errors.hardest[:_SHOWN]
    more = len(errors.hardest) - len(shown)
    return [
        page.heading("Scans that several models misclassify", 3),
        page.paragraph(
            f"{counted(len(errors.hardest), 'scan')}, those with the most errors first"
            + (f"; {more:,} are not shown. " if more else ". ")
            + NUMBERS
        ),
        f"<div class='scans'>{''.join(_scan(comparison, index) for index in shown)}</div>",
    ]


def _scan(comparison: Comparison, index: int) -> str:
    true = comparison.display_names[comparison.labels[index]]
    lines = [
        f"<b>{escape(true)}</b>",
        f"<span class=quiet>{escape(scan_number(index, comparison.scans[index]))}</span>",
    ]
    for model in comparison.models:
        answer = int(model.said[index])
        said = comparison.display_names[answer]
        sure = page.probability(float(model.probabilities[index, answer]))
        right = " (correct)" if model.right[index] else ""
        lines.append(escape(f"{model.contender.mark}: {said}, {sure}{right}"))
    picture = page.embedded(comparison.scans[index])
    return f"<div class='scan'>{picture}<div>{'<br>'.join(lines)}</div></div>"

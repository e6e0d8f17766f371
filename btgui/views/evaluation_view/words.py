"""The figures of an evaluation as an HTML page."""

from __future__ import annotations

from html import escape
from math import isnan

from btgui.engine.figures.evaluation import EvaluationFigures, Share
from btgui.engine.results import CAM_METHODS
from btgui.views.html_table import html_table
from btgui.views.text import counted, percent_exactly
from btgui.views.theme import QUIET_TEXT

_KINDS = {
    "recall": "Sensitivity (recall)",
    "specificity": "Specificity",
    "precision": "Precision (PPV)",
    "f1": "F1",
}
_POINTING = (
    "Hottest point within 15 px of the tumour",
    "By chance",
    "Hottest point in the tumour",
    "Heat in the tumour",
    "Both by chance",
)
_FEW = 100
_NAMED = 5  # unreadable scans that are listed
_PROTOCOLS = {
    "honest": "It was trained under the honest protocol: without copies of its own test scans.",
    "published": "It was trained under the published protocol, perhaps on copies of its own test "
    "scans: on those, the accuracy looks better than it is.",
}


def figures_page(figures: EvaluationFigures, *, other_is_in_use: bool = False) -> str:
    """Return the page as HTML; ``other_is_in_use``: the other model is the model in use."""
    low, high = figures.accuracy.low, figures.accuracy.high
    protocol = _PROTOCOLS.get(figures.protocol, escape(figures.protocol))
    first = (
        f"<p>On {scans_of(figures.count, figures.patients)}: {escape(figures.data)}. 95 % "
        f"confidence interval: {percent_exactly(low)} to {percent_exactly(high)}. "
        f"{about_intervals(figures.patients)}<br>{protocol}</p>"
    )
    accuracy = percent_exactly(figures.accuracy.value)
    parts = [f"<h2>{escape(figures.model)}: accuracy {accuracy}</h2>", first]
    if figures.cautions:
        points = "".join(f"<li>{escape(text)}</li>" for text in figures.cautions)
        parts.append(f"<p><b>Before you rely on this:</b></p><ul>{points}</ul>")
    if figures.count < _FEW:
        parts.append("<p><b>These are few scans:</b> the interval is wide.</p>")
    if figures.other:
        sentences = "<br>".join(escape(one) for one in figures.comparison())
        beside = "the model in use" if other_is_in_use else escape(figures.other)
        parts.append(f"<h3>Compared with {beside}</h3><p>{sentences}</p>")
    other = f"{figures.other} (in use)" if other_is_in_use else figures.other
    parts += ["<h3>Class by class</h3>", _classes(figures, other)]
    median, slow = figures.milliseconds
    parts.append(
        f"<p>Calibration error {percent_exactly(figures.calibration_error)}: the probabilities are "
        f"off by this much on average. On {counted(figures.count, 'scan')}, chance alone would give "
        f"about {percent_exactly(figures.calibration_by_chance)}.<br>"
        f"Time per scan: median {median:.0f} ms, 95 % within {slow:.0f} ms.</p>"
    )
    if figures.outlined is not None:
        parts.append(f"<h3>Do the heatmaps point at the tumour?</h3>{_pointing(figures)}")
    if figures.unreadable:
        named = "".join(f"<li>{escape(why)}</li>" for why in figures.unreadable[:_NAMED])
        more = len(figures.unreadable) - _NAMED
        rest = f"<li>and {more:,} more</li>" if more > 0 else ""
        parts.append(f"<p>Could not be read and not counted:</p><ul>{named}{rest}</ul>")
    return "".join(parts)


def scans_of(count: int, patients: str) -> str:
    """Return the number of scans and, where it is known, the number of patients, in words."""
    return f"{counted(count, 'scan')}{f' of {patients}' if patients else ''}"


def about_intervals(patients: str) -> str:
    """Return a sentence on whether the intervals are calculated over patients or over scans."""
    if patients:
        return "Intervals are calculated over patients, because slices of one patient are alike."
    return (
        "It is not known which scans are of the same patient: with several slices per patient, the "
        "true interval is wider."
    )


def _pointing(figures: EvaluationFigures) -> str:
    if not figures.pointing:
        why = "no outline of" if figures.outlined else "the table contains no outline of"
        return f"<p>Not measured: {why} the tested scans{' can be used' if figures.outlined else ''}.</p>"
    rows = (
        (
            escape(one.stage),
            escape(CAM_METHODS.get(one.method, one.method)),
            f"{one.count:,}",
            with_interval(one.near),
            percent_exactly(one.near_by_chance),
            *map(with_interval, (one.exact, one.heat)),
            percent_exactly(one.by_chance),
        )
        for one in figures.pointing
    )
    return html_table(("Stage", "Method", "Scans", *_POINTING), rows)


def _classes(figures: EvaluationFigures, other: str) -> str:
    theirs = {one.name: percent_exactly(one.theirs) for one in figures.compared}
    first, *rest = _KINDS
    beside = [f"Sensitivity of {escape(other)}"] if theirs else []
    heads = ("", "Scans", _KINDS[first], *beside, *(_KINDS[kind] for kind in rest))
    rows = (
        (
            escape(name),
            f"{count:,}",
            with_interval(shares[first]),
            *(theirs.get(name, "") for _ in beside),
            *(with_interval(shares[kind]) for kind in rest),
        )
        for name, (count, shares) in figures.per_class.items()
    )
    return html_table(heads, rows)


def with_interval(share: Share) -> str:
    """Return a share and, in a quiet colour, its 95 % interval; a dash where it is undefined."""
    if isnan(share.value):
        return "\N{EN DASH}"
    if isnan(share.low):  # such as for a single scan
        return percent_exactly(share.value)
    return (
        f"{percent_exactly(share.value)} <span style='color:{QUIET_TEXT.name()}'>({share.low * 100:.0f} to "
        f"{share.high * 100:.0f})</span>"
    )

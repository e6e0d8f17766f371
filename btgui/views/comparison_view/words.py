"""The figures of a comparison as an HTML page."""

from __future__ import annotations

from html import escape

from btgui.engine.figures.comparison import ComparisonFigures
from btgui.engine.models.published_networks import OFFICIAL_TEST_SCANS, PUBLISHED
from btgui.views.evaluation_view.words import about_intervals, scans_of, with_interval
from btgui.views.html_table import html_table
from btgui.views.text import milliseconds, percent_exactly

_FEW = 100


def comparison_words(figures: ComparisonFigures) -> str:
    """Return the page as HTML."""
    count = len(figures.scans)
    scans = scans_of(count, figures.patients)
    parts = [f"<h2>{len(figures.models)} models on {scans} in {escape(figures.data)}</h2>"]
    parts.append("".join(f"<p><b>{escape(text)}</b></p>" for text in figures.verdicts()))
    if figures.cautions:
        points = "".join(f"<li>{escape(text)}</li>" for text in figures.cautions)
        parts.append(f"<p><b>Before you decide:</b></p><ul>{points}</ul>")
    if count < _FEW:
        parts.append("<p>These are few scans: the intervals are wide.</p>")
    parts.append(_table(figures))
    parts.append(
        f"<p>In brackets: the 95 % confidence interval in percent. "
        f"{about_intervals(figures.patients)} A difference is reported where McNemar's exact test"
        f"{', patient by patient and' if figures.patients else ','} corrected for the number of "
        f"pairs, gives p below 0.05.</p>"
    )
    parts.append(f"<p>{published_words()}</p>")
    return "".join(parts)


def published_words() -> str:
    """Return a sentence with the published accuracy of each network."""
    networks = ", ".join(f"{one.name} {percent_exactly(one.accuracy)}" for one in PUBLISHED)
    return (
        f"Published accuracy on the {OFFICIAL_TEST_SCANS:,} official test images under the published "
        f"protocol: {networks}."
    )


def _table(figures: ComparisonFigures) -> str:
    models = figures.models
    rows = [
        ("Accuracy", *(f"<b>{with_interval(model.accuracy)}</b>" for model in models)),
        ("Training protocol", *(escape(model.protocol) for model in models)),
    ]
    for place, name in enumerate(map(escape, figures.names)):
        rows.append((f"Sensitivity: {name}", *(with_interval(m.found[place]) for m in models)))
    for place, name in enumerate(map(escape, figures.names)):
        rows.append(
            (f"Precision (PPV): {name}", *(with_interval(m.precision[place]) for m in models))
        )
    rows += [
        ("Calibration error", *(percent_exactly(model.calibration_error) for model in models)),
        ("Time per scan here", *(milliseconds(model.milliseconds) for model in models)),
        ("Parameters", *(f"{model.parameters / 1e6:.2f} million" for model in models)),
    ]
    return html_table(("", *(escape(model.title) for model in models)), rows, padding=6)

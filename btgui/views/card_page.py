"""A model's card as an HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from btgui.engine.models.card import ModelCard, TestResult
from btgui.views.text import RESEARCH_USE, counted, duration, percent_exactly, percent_or_dash

_TABLE = "<table cellspacing='0' cellpadding='4'>"
_UNLIKE = {
    True: "the model marks most scans that are unlike its training scans",
    False: "the model cannot tell whether a scan is unlike its training scans",
}
# What was left out, and why, by its name on the card.
_LEFT_OUT = {
    "left_out_as_copies_of_test_scans": (
        "training scan",
        "that copy a test scan or show the same patient",
    ),
    "left_out_as_related_to_validation_scans": (
        "training scan",
        "related to validation scans (copies, neighbouring slices or one patient)",
    ),
    "left_out_as_known_to_the_starting_model": (
        "test or validation scan",
        "that the starting model was trained on, or related to such scans",
    ),
}
_STARTS = {"imagenet": "ImageNet weights", "none": "random weights"}


def card_page(card: ModelCard) -> str:
    """Return everything that a card states about its model, as HTML."""
    size = card.preprocessing
    facts = {
        "Network": f"{card.architecture}, {card.parameter_count / 1e6:.2f} million parameters",
        "Input": f"{size.input_width} x {size.input_height} pixels",
        "Classes": ", ".join(card.display_names),
        **_training_facts(card),
        "Unlike scans": _UNLIKE[card.novelty_limit is not None],
        "Created": card.created[:10],
        "Licence": card.licence,
        "ID": card.id,
    }
    rows = _rows((f"<span>{escape(name)}</span>", escape(text)) for name, text in facts.items())
    tests = "".join(_result(card, result) for result in card.results)
    notes = f"<p>{escape(card.notes)}</p>" if card.notes else ""
    return (
        f"<h2>{escape(card.name)}</h2>{_TABLE}{rows}</table>{notes}"
        f"{tests or '<p>It has not been tested on scans with a known diagnosis yet.</p>'}"
        f"<p>{RESEARCH_USE}</p>"
    )


def _training_facts(card: ModelCard) -> dict[str, str]:
    training = card.training
    scans = training.get("scans")
    facts: dict[str, str] = {}
    if isinstance(start := card.request.get("weights"), str):
        facts["Started from"] = _STARTS.get(start, f"the model or weights “{start}”")
    if isinstance(scans, dict) and scans:
        facts["Trained on"] = (
            f"{_count(scans.get('train'), 'scan')}; the best epoch was chosen on "
            f"{_count(scans.get('validation'), 'more scan')}"
        )
        if left_out := "; ".join(
            f"{_count(scans[key], thing)} {why}"
            for key, (thing, why) in _LEFT_OUT.items()
            if scans.get(key)
        ):
            facts["Left out"] = left_out
    if isinstance(absent := training.get("without_scans"), list):
        names = zip(card.classes, card.display_names, strict=True)
        if without := ", ".join(shown for name, shown in names if name in absent):
            facts["Without scans of"] = (
                f"{without}: the starting model's knowledge of them is kept as far as possible"
            )
    if "protocol" in card.request:
        facts["Protocol"] = str(card.request["protocol"])
    if isinstance(seconds := training.get("seconds"), (int, float)) and seconds > 0:
        facts["Training time"] = duration(seconds)
    return facts


def _count(value: object, thing: str) -> str:
    return counted(value, thing) if isinstance(value, int) else f"? {thing}s"


def _result(card: ModelCard, result: TestResult) -> str:
    low, high = result.interval
    heading = f"<h3>Tested on {escape(result.data)} ({escape(result.protocol)} protocol)</h3>"
    total = (
        f"<p><b>{percent_exactly(result.accuracy)}</b> of {counted(result.count, 'scan')} "
        f"classified correctly (95&nbsp;% confidence interval {low * 100:.1f} to "
        f"{percent_exactly(high)})."
    )
    if result.leak_free and 0 < result.leak_free["count"] < result.count:
        total += (
            f" On the {counted(result.leak_free['count'], 'scan')} without a copy anywhere in the "
            f"training folder: {percent_exactly(result.leak_free['accuracy'])}."
        )
    if result.expected_calibration_error is not None:
        total += f" Calibration error {percent_exactly(result.expected_calibration_error)}."
    return f"{heading}{total}</p>{_per_class(card, result)}{_confusion(card, result)}"


def _per_class(card: ModelCard, result: TestResult) -> str:
    if not set(card.classes) <= set(result.per_class):
        return ""
    head = _row(("", "Scans", "Sensitivity (recall)", "Specificity", "Precision (PPV)"), "th")
    body = _rows(
        (
            escape(shown),
            f"{result.per_class[name]['count']:.0f}",
            # Older cards state a recall of 0 for a class without scans.
            percent_or_dash(
                result.per_class[name]["recall"] if result.per_class[name]["count"] else None
            ),
            percent_or_dash(result.specificity(place)),
            percent_or_dash(result.per_class[name]["precision"]),
        )
        for place, (name, shown) in enumerate(zip(card.classes, card.display_names, strict=True))
    )
    return f"{_TABLE}{head}{body}</table>"


def _confusion(card: ModelCard, result: TestResult) -> str:
    if not result.confusion:
        return ""
    names = [escape(name) for name in card.display_names]
    head = _row(("true &darr; &nbsp; verdict &rarr;", *names), "th")
    body = _rows(
        (name, *(f"<b>{n}</b>" if i == j else f"{n}" for j, n in enumerate(row)))
        for i, (name, row) in enumerate(zip(names, result.confusion, strict=False))
    )
    return f"<p></p>{_TABLE}{head}{body}</table>"


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "".join(_row(row) for row in rows)


def _row(cells: Iterable[str], tag: str = "td") -> str:
    joined = "".join(
        f"<{tag} align='{'right' if column else 'left'}'>{cell}</{tag}>"
        if tag == "th" or _is_number(cell)
        else f"<td>{cell}</td>"
        for column, cell in enumerate(cells)
    )
    return f"<tr>{joined}</tr>"


def _is_number(cell: str) -> bool:
    return (
        cell.removeprefix("<b>")
        .removesuffix("</b>")
        .rstrip(" %\N{NO-BREAK SPACE}")
        .replace(".", "")
        .isdigit()
    )

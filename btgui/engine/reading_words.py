"""A reading in words, alike in the window and in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btgui.engine.percentages import percent

if TYPE_CHECKING:  # kept light: the start screen has its words from here, too
    from btgui.engine.models.card import ModelCard
    from btgui.engine.results import Prediction
    from btgui.engine.scan import Greys

_WRITTEN_OUT = 1e7  # scanners' values have fewer digits; a damaged header's may have forty
_PROTOCOLS = {
    "honest": "honest protocol: no copy of a test scan was trained on",
    "published": "published protocol: copies of test scans were trained on",
}


def confidence(share: float) -> str:
    """Return how sure the network says it is, in a word."""
    sure, likely = 0.95, 0.75
    if share >= sure:
        return "very likely"
    if share >= likely:
        return "likely"
    return "uncertain"


def verdict_sentence(prediction: Prediction) -> str:
    """Return how sure the verdict is and which class is next, a line each."""
    share = prediction.probabilities[prediction.verdict_index]
    second = prediction.runner_up_index
    return (
        f"{confidence(share).capitalize()}: {percent(share)}.\nNext: "
        f"{prediction.display_names[second].lower()}, "
        f"{percent(prediction.probabilities[second])}."
    )


def greys_words(greys: Greys) -> str:
    """Return which window fed the network, with its numbers where one did."""
    window = greys.window
    numbers = "" if window is None else f", width {window.width:.5g}, centre {window.centre:.5g}"
    return f"{greys.source}{numbers}"


def grey_number(value: float) -> str:
    """Return a grey value or a window's number whole, a huge one shortly: "189", "6.55e+42"."""
    return f"{value:.0f}" if abs(value) < _WRITTEN_OUT else f"{value:.3g}"


def accuracy_sentence(card: ModelCard) -> str:
    """Return a model's measured accuracy with its protocol, or that there is none."""
    result = card.main_result
    if result is None and card.results:
        names = dict(zip(card.classes, card.display_names, strict=True))
        without = ", ".join(names.get(name, name) for name in card.results[0].untested)
        return f"Not tested on scans of all its classes yet: no scan of {without} was among them."
    if result is None:
        return "Not tested on scans with a known diagnosis yet."
    low, high = (round(bound * 100, 1) for bound in result.interval)
    return (
        f"{result.accuracy * 100:.1f} % of {result.count:,} test scans right "
        f"({low:.1f} to {high:.1f} %; {_PROTOCOLS[result.protocol]})."
    )

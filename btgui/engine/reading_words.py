"""A reading in words, alike in the window and in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btgui.engine.percentages import percent

if TYPE_CHECKING:  # kept light: the start screen has its words from here, too
    from btgui.engine.models.card import ModelCard
    from btgui.engine.results import Prediction
    from btgui.engine.scan import Greys, Window

# Scanners' values are whole and have fewer digits; a normalised volume's lie below 1, and a damaged
# header's may have forty.
_WHOLE, _WRITTEN_OUT = 100, 1e7
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
    return greys.source if greys.window is None else f"{greys.source}, {window_words(greys.window)}"


def window_words(window: Window) -> str:
    """Return a window's numbers, "width 255, centre 128"."""
    width, centre = window_numbers(window)
    return f"width {width}, centre {centre}"


def window_numbers(window: Window) -> tuple[str, str]:
    """Return a window's width and centre for the reader."""
    centre, width = window.numbers()
    return grey_number(width), grey_number(centre)


def grey_number(value: float) -> str:
    """Return a grey value or a window's number, of which three digits tell: "1189", "0.42"."""
    return f"{value:.0f}" if _WHOLE <= abs(value) < _WRITTEN_OUT else f"{value:.3g}"


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

"""Readings in words, worded alike in the window and in reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btgui.engine.percentages import percent

if TYPE_CHECKING:  # kept light: the start screen uses this module, too
    from btgui.engine.models.card import ModelCard
    from btgui.engine.results import Prediction
    from btgui.engine.scan import Greys, Window

# Scanners store integers of fewer digits; values of normalised volumes lie below 1, and those in a
# damaged header may have forty digits.
_WHOLE, _WRITTEN_OUT = 100, 1e7
_PROTOCOLS = {
    "honest": "honest protocol: no copy of a test scan was trained on",
    "published": "published protocol: copies of test scans were trained on",
}


def confidence(share: float) -> str:
    """Return the network's confidence in words: "very likely", "likely" or "uncertain"."""
    sure, likely = 0.95, 0.75
    if share >= sure:
        return "very likely"
    if share >= likely:
        return "likely"
    return "uncertain"


def verdict_sentence(prediction: Prediction) -> str:
    """Return the verdict's confidence and the next likely class, one line each."""
    share = prediction.probabilities[prediction.verdict_index]
    second = prediction.runner_up_index
    return (
        f"{confidence(share).capitalize()}: {percent(share)}.\nNext: "
        f"{prediction.display_names[second].lower()}, "
        f"{percent(prediction.probabilities[second])}."
    )


def greys_words(greys: Greys) -> str:
    """Return the source of the window applied to the network's input, with its width and centre."""
    return greys.source if greys.window is None else f"{greys.source}, {window_words(greys.window)}"


def window_words(window: Window) -> str:
    """Return a window's width and centre as "width 255, centre 128"."""
    width, centre = window_numbers(window)
    return f"width {width}, centre {centre}"


def window_numbers(window: Window) -> tuple[str, str]:
    """Return a window's width and centre as formatted numbers."""
    centre, width = window.numbers()
    return grey_number(width), grey_number(centre)


def grey_number(value: float) -> str:
    """Return a pixel value or a window's number as text: "1189", "0.42" (three significant digits)."""
    return f"{value:.0f}" if _WHOLE <= abs(value) < _WRITTEN_OUT else f"{value:.3g}"


def accuracy_sentence(card: ModelCard) -> str:
    """Return a sentence on a model's measured accuracy and protocol, or that it is not tested."""
    result = card.main_result
    if result is None and card.results:
        names = dict(zip(card.classes, card.display_names, strict=True))
        without = ", ".join(names.get(name, name) for name in card.results[0].untested)
        return f"Not tested on all of its classes yet: there were no test scans of {without}."
    if result is None:
        return "Not tested on scans with a known diagnosis yet."
    low, high = (round(bound * 100, 1) for bound in result.interval)
    return (
        f"Accuracy {result.accuracy * 100:.1f} % on {result.count:,} test scans "
        f"({low:.1f} to {high:.1f} %; {_PROTOCOLS[result.protocol]})."
    )

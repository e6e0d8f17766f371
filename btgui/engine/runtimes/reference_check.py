"""Checking a runtime against the framework that trained the network.

A model's card holds the logits that Keras computed for a few synthetic patterns when the model was
saved. Every runtime that executes the network later is checked against them on loading.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import REFERENCE_INPUTS, ModelCard
from btgui.engine.preprocessing import PreprocessingParameters, scale_pixels
from btgui.engine.softmax import softmax

Logits = Callable[[NDArray[np.float32]], NDArray[np.float32]]
_MOST_APART = 1e-4  # in probability
_MOST_APART_LOGITS = 1e-3  # as a share of the largest logit


class RuntimeDiffersError(ModelPackError):
    """A runtime computes other values for a network than the framework that trained it."""


def reference_inputs(parameters: PreprocessingParameters) -> NDArray[np.float32]:
    """Return the synthetic patterns, (n, h, w, 3), scaled for the network's input.

    Each pattern is a sum of a vertical and a horizontal wave that differ in each channel. Nothing
    is random, so that the patterns are always the same.
    """
    rows = np.linspace(0, 1, parameters.input_height)[:, None, None]
    columns = np.linspace(0, 1, parameters.input_width)[None, :, None]
    channels = np.arange(3)[None, None, :]
    patterns = []
    for number in range(1, REFERENCE_INPUTS + 1):
        waves = np.sin(11 * number * rows + channels) + np.cos(7 * number * columns - channels)
        pixels = np.rint(127.5 + 63.75 * waves).astype(np.uint8)
        patterns.append(scale_pixels(pixels, parameters.pixel_scaling))
    return np.stack(patterns)


def distance_from_reference(card: ModelCard, logits: Logits) -> tuple[float, float] | None:
    """Return how far a runtime's results are from the card's reference.

    Parameters
    ----------
    logits
        Function from (1, h, w, 3) inputs to (1, classes) logits.

    Returns
    -------
    tuple or None
        The largest difference in probability, and that in logits as a share of the largest
        logit; None if the card has no reference.
    """
    if not card.reference_logits:
        return None
    expected = np.array(card.reference_logits, np.float64)
    inputs = reference_inputs(card.preprocessing)
    received = np.concatenate([logits(one[None]) for one in inputs]).astype(np.float64)
    apart = float(np.abs(softmax(received) - softmax(expected)).max())
    return apart, float(np.abs(received - expected).max() / max(1.0, np.abs(expected).max()))


def check_reference(card: ModelCard, logits: Logits) -> None:
    """Check a runtime against the card's reference; without a reference, every runtime passes.

    Raises
    ------
    RuntimeDiffersError
        A probability differs by more than 1e-4, or a logit by more than a thousandth of
        the largest.
    """
    distance = distance_from_reference(card, logits)
    if distance is None:
        return
    apart, apart_logits = distance
    # Written so that NaN fails.
    if not (apart <= _MOST_APART and apart_logits <= _MOST_APART_LOGITS):
        raise RuntimeDiffersError(
            f"{card.name} does not give the same results here as when it was created: probabilities "
            f"differ by up to {apart:.2g} and logits by {apart_logits:.2g} of the largest (allowed: "
            f"{_MOST_APART:g} and {_MOST_APART_LOGITS:g}). Choose another runtime (Models, Compute "
            f"with; or --runtime), or obtain a new copy of the model."
        )

"""Softmax with temperature: logits to probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return the softmax, over the last axis, of logits divided by the temperature.

    Parameters
    ----------
    logits
        (…, classes), without NaN, and no row all -inf.
    temperature
        Above 0.

    Returns
    -------
    Probabilities in the shape of the logits; the last axis sums to 1.
    """
    scaled = np.asarray(logits, np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))

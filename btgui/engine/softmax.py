"""From logits to shares that sum to one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.floating], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return softmax over the last axis of logits divided by the temperature.

    Parameters
    ----------
    logits
        (…, classes), none of them NaN and not all of a row -inf.
    temperature
        Above 0.

    Returns
    -------
    Of the shape of the logits; the last axis sums to 1.
    """
    scaled = np.asarray(logits, np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    powers = np.exp(scaled)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))

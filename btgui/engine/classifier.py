"""From network inputs to predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.model_card import ModelCard
from btgui.engine.results import Prediction
from btgui.engine.runtimes import Runtime


def predict(card: ModelCard, runtime: Runtime, inputs: NDArray[np.float32]) -> list[Prediction]:
    """Classify (n, h, w, 3) inputs; one prediction each, calibrated by the card's temperature."""
    logits = runtime.logits(inputs).astype(np.float64)
    scaled = logits / card.temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return [
        Prediction(
            classes=card.classes,
            display_names=card.display_names,
            probabilities=tuple(map(float, row)),
            logits=tuple(map(float, raw)),
        )
        for row, raw in zip(probabilities, logits, strict=True)
    ]

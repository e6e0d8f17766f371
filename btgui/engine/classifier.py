"""Classification: network inputs to calibrated predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.results import Prediction
from btgui.engine.runtimes import Runtime
from btgui.engine.softmax import softmax


def predict(card: ModelCard, runtime: Runtime, inputs: NDArray[np.float32]) -> list[Prediction]:
    """Classify (n, h, w, 3) inputs; return a prediction for each, calibrated by the card's temperature.

    Raises
    ------
    ModelPackError
        The network's output is not finite.
    """
    logits = runtime.logits(inputs).astype(np.float64)
    probabilities = softmax(logits, card.temperature)
    if not np.isfinite(probabilities).all():
        raise ModelPackError(
            f"{card.name} gives no verdict: its network returned values that are not numbers. "
            f"Choose another model, or obtain a new copy of this one."
        )
    return [
        Prediction(
            classes=card.classes,
            display_names=card.display_names,
            probabilities=tuple(map(float, row)),
            logits=tuple(map(float, raw)),
        )
        for row, raw in zip(probabilities, logits, strict=True)
    ]

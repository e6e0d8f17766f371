"""Classification: network inputs to calibrated predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.novelty import NoveltyDetector, features_of
from btgui.engine.results import Prediction
from btgui.engine.runtimes import Runtime
from btgui.engine.softmax import softmax


def predict(
    card: ModelCard,
    runtime: Runtime,
    inputs: NDArray[np.float32],
    detector: NoveltyDetector | None = None,
) -> list[Prediction]:
    """Classify (n, h, w, 3) inputs; return a prediction for each, calibrated by the card's temperature.

    Parameters
    ----------
    detector
        Measures how unlike the training scans each input is; None leaves that unknown.

    Raises
    ------
    ModelPackError
        The network's output or the novelty is not finite, or the detector is that of another network.
    """
    raw_logits, stage_means = runtime.outputs(inputs)
    logits = raw_logits.astype(np.float64)
    probabilities = softmax(logits, card.temperature)
    novelties = _novelties(card, stage_means, detector)
    if not (np.isfinite(probabilities).all() and np.isfinite(novelties or 0).all()):
        raise ModelPackError(
            f"{card.name} gives no verdict: its network returned values that are not numbers. "
            f"Choose another model, or obtain a new copy of this one."
        )
    unknown: list[float | None] = [None] * len(logits)
    return [
        Prediction(
            classes=card.classes,
            display_names=card.display_names,
            probabilities=tuple(map(float, row)),
            logits=tuple(map(float, raw)),
            novelty=novelty,
        )
        for row, raw, novelty in zip(probabilities, logits, novelties or unknown, strict=True)
    ]


def _novelties(
    card: ModelCard,
    stage_means: tuple[NDArray[np.float32], ...],
    detector: NoveltyDetector | None,
) -> list[float]:
    """Return the novelty of each scan; empty without a detector."""
    if detector is None:
        return []
    features = features_of(stage_means)
    expected, received = detector.prototypes.shape[1], features.shape[1]
    if expected != received:
        raise ModelPackError(
            f"The prototypes of {card.name} do not fit its network: expected {received} features, "
            f"received {expected}. Obtain a new copy of the model."
        )
    return [float(novelty) for novelty in detector.novelty(features)]

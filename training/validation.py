"""What a network says of the scans that choose."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import TrainingError
from btgui.engine.training_request import TrainingRequest
from training.cache import CachedScans

if TYPE_CHECKING:
    import keras


def validation_logits(
    network: keras.Model,
    request: TrainingRequest,
    classes: tuple[str, ...],
    validation: CachedScans,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return (n, classes) logits and (n,) true class indices of scans whose class is known.

    Raises
    ------
    TrainingError
        An output is not a number.
    """
    import keras

    from training.batches import ScanBatches

    batches = ScanBatches(
        validation,
        classes,
        request.preprocessing,
        request.recipe,
        grid=1,
        seed=request.seed,
        training=False,
    )
    to_logits = keras.Model(network.input, network.get_layer("logits").output)
    parts = [to_logits.predict_on_batch(batches[index][0]) for index in range(len(batches))]
    logits = np.concatenate(parts)
    if not math.isfinite(float(np.abs(logits).max())):
        raise TrainingError("The trained network's outputs are not numbers; nothing was saved.")
    known = batches.possible.sum(axis=1) == 1
    return logits[known], batches.possible[known].argmax(axis=1)

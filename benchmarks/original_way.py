"""Grad-CAM as in the published demo: one sub-model and one eager gradient tape per layer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def five_maps(
    network: Any,  # noqa: ANN401  (a Keras model)
    layers: tuple[str, ...],
    network_input: NDArray[np.float32],
    target_index: int,
) -> list[NDArray[np.float32]]:
    """Return one map per layer for one (h, w, 3) input."""
    import keras
    import tensorflow as tf

    maps = []
    for layer in layers:
        part = keras.Model(network.input, [network.get_layer(layer).output, network.output])
        with tf.GradientTape() as tape:
            features, probabilities = part(network_input[None])
            score = probabilities[:, target_index]
        weights = tf.reduce_mean(tape.gradient(score, features), axis=(0, 1, 2))
        values = tf.nn.relu(tf.reduce_sum(features[0] * weights, axis=-1))
        maps.append(np.asarray(values))
    return maps

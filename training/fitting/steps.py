"""Single steps of training and of validation, on one device or several GPUs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from training.networks.back_end import compiled
from training.networks.devices import device

if TYPE_CHECKING:
    import keras

Batch = tuple[Any, Any, Any]
Step = Callable[[Batch], dict[str, float]]


def training_step(model: keras.Model) -> Step:
    """Return a function that trains a compiled model on a batch and returns its losses and metrics.

    Call it within :func:`training.networks.devices.spread_over_all`. With several GPUs, each takes an
    equal part of the batch. BatchNormalization then uses the statistics of each part on TensorFlow,
    and of the whole batch on JAX.
    """
    import keras

    count = device().count
    if count > 1 and keras.backend.backend() == "tensorflow":
        return _MirroredStep(model)
    return lambda batch: _fresh_metrics(model, model.train_on_batch, padded(batch, count))


def measuring_step(model: keras.Model) -> Step:
    """Return a function that returns a batch's losses and metrics without training on the batch.

    Call it like :func:`training_step`. With several GPUs on TensorFlow, each takes the whole batch.
    """
    count = device().count
    return lambda batch: _fresh_metrics(model, model.test_on_batch, padded(batch, count))


def padded(batch: Batch, count: int) -> Batch:
    """Return the batch padded to a multiple of ``count``, with the same mean loss.

    The first scan is repeated with a weight of zero, and the other weights are scaled up to make up for
    the larger number of scans in the mean.
    """
    length = len(batch[0])
    more = -length % count
    if not more:
        return batch
    inputs, targets, weights = batch
    scale = np.float32((length + more) / length)

    def longer(values: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([values, np.repeat(values[:1], more, axis=0)])

    def weighted(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([values * scale, np.zeros(more, np.float32)])

    return (
        longer(inputs),
        {name: longer(values) for name, values in targets.items()},
        {name: weighted(values) for name, values in weights.items()},
    )


def _fresh_metrics(model: keras.Model, step: Callable[..., Any], batch: Batch) -> dict[str, float]:
    # Otherwise the metrics would be means over all steps so far.
    model.reset_metrics()
    return dict(step(*batch, return_dict=True))


class _MirroredStep:
    """A training step under TensorFlow's MirroredStrategy.

    The batch is split between the replicas here, as Keras does so only in ``fit``: ``train_on_batch``
    would pass the whole batch to each.
    """

    def __init__(self, model: keras.Model) -> None:
        import tensorflow as tf

        self._model = model
        self._strategy = strategy = tf.distribute.get_strategy()
        self._built = False
        self._run = compiled(lambda part: strategy.run(model.train_step, args=(part,)))

    def __call__(self, batch: Batch) -> dict[str, float]:
        count = self._strategy.num_replicas_in_sync
        batch = padded(batch, count)
        self._build(batch)
        self._model.reset_metrics()
        parts = [_part(batch, number, count) for number in range(count)]
        self._run(
            self._strategy.experimental_distribute_values_from_function(
                lambda context: parts[context.replica_id_in_sync_group]
            )
        )
        return {name: float(value) for name, value in self._model.get_metrics_result().items()}

    def _build(self, batch: Batch) -> None:
        """Create the variables of the optimiser and the metrics, which is impossible on a replica."""
        if not self._built:
            # A resumed run has built and restored it; building the loss scale again would reset it.
            if not self._model.optimizer.built:
                self._model.optimizer.build(self._model.trainable_variables)
            inputs, targets, weights = batch
            self._model.test_on_batch(inputs, targets, weights)
            self._built = True


def _part(batch: Batch, number: int, count: int) -> Batch:
    import tensorflow as tf

    size = len(batch[0]) // count
    mine = np.s_[number * size : (number + 1) * size]
    inputs, targets, weights = batch
    return (
        tf.constant(inputs[mine]),
        {name: tf.constant(values[mine]) for name, values in targets.items()},
        {name: tf.constant(values[mine]) for name, values in weights.items()},
    )

"""The weights that are validated and saved, if they differ from the weights being trained.

They are the exponential moving average of the weights, if one is kept, interpolated with the weights
of the model that the run fine-tunes. The interpolation is nearly as good on the new scans and forgets
much less about the former ones than the trained weights alone (Wortsman et al. 2022, robust
fine-tuning of zero-shot models); the results measured here are in ``docs/experiments.md``.

The moving average generalises better than the weights of any single step (Polyak and Juditsky 1992;
Izmailov et al. 2018). The moving statistics of batch normalisation are averaged too, so that they
match the averaged kernels. The momentum is smaller in the first steps: otherwise the initial weights,
with a random head, would make up much of the average of a short run (0.99 to the power of 96 steps is
38 %). It follows TensorFlow's ``tf.train.ExponentialMovingAverage`` with ``num_updates``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from training.fitting.checkpoints import Weights
from training.networks.back_end import compiled

if TYPE_CHECKING:
    import keras


class JudgedWeights:
    """Puts the weights for validation and saving into a model temporarily.

    Parameters
    ----------
    momentum
        Momentum of the moving average, 0 to 1, smaller in the first steps; None to keep no average.
    average, updates
        The average so far (default: the model's own weights) and its number of updates.
    start, start_share
        Initial weights of the run and their share in the interpolation, 0 to 1; None for no share.
    """

    def __init__(
        self,
        model: keras.Model,
        momentum: float | None = None,
        average: Weights | None = None,
        updates: int = 0,
        *,
        start: Weights | None = None,
        start_share: float = 0.0,
    ) -> None:
        self._model, self._momentum, self._updates = model, momentum, updates
        self._start, self._share = start, start_share
        # Tensors of the back end: NumPy arrays would fetch all weights from a GPU at each step.
        self._average: list[Any] = []
        if momentum is not None:
            self._average = _tensors(average or model.get_weights())
        self._moved = compiled(_moved)

    @property
    def average(self) -> Weights:
        """The moving average; empty if none is kept."""
        from keras import ops

        return [ops.convert_to_numpy(mean) for mean in self._average]

    def update(self) -> None:
        """Update the moving average, if one is kept, with the current weights."""
        if self._momentum is None:
            return
        kept = min(self._momentum, (1 + self._updates) / (10 + self._updates))
        self._updates += 1
        self._average = self._moved(
            self._average,
            [weight.value for weight in self._model.weights],
            *_tensors([np.float32(kept)]),
        )

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the weights into the model for the block, and restore the model's own afterwards."""
        if not (self._average or self._start):
            yield
            return
        own = self._model.get_weights()
        judged = self.average or own
        if self._start:
            judged = [
                self._share * start + (1 - self._share) * weight
                for start, weight in zip(self._start, judged, strict=True)
            ]
        self._model.set_weights(judged)
        try:
            yield
        finally:
            self._model.set_weights(own)


def _tensors(values: list[Any]) -> list[Any]:
    """Return arrays or variables as tensors of the back end."""
    from keras import ops

    return [ops.convert_to_tensor(value) for value in values]


def _moved(average: list[Any], weights: list[Any], kept: Any) -> list[Any]:  # noqa: ANN401  (tensors)
    return [
        kept * mean + (1 - kept) * weight for mean, weight in zip(average, weights, strict=True)
    ]

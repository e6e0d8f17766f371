"""An exponential moving average of a network's weights.

The average generalises better than any single step's weights (Polyak and Juditsky
1992; Izmailov et al. 2018). The moving statistics of batch normalisation are averaged
too, so that they belong to the averaged kernels.

The first steps keep less of it: else the weights that the run began with, a random head
among them, would make up much of the average of a short run (0.99 to the power of 96 steps
is 38 %). The share is that of TensorFlow's ``tf.train.ExponentialMovingAverage`` with
``num_updates``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.fitting.checkpoints import Weights

if TYPE_CHECKING:
    import keras


class WeightAverage:
    """The running average of a model's weights.

    Parameters
    ----------
    momentum
        Share of the average that each step keeps, 0 to 1; the first ones keep less.
    start
        The average so far; the model's own weights where None.
    updates
        How many steps it has taken so far.
    """

    def __init__(
        self,
        model: keras.Model,
        momentum: float,
        start: Weights | None = None,
        updates: int = 0,
    ) -> None:
        self._model = model
        self._momentum = momentum
        self._updates = updates
        self.values: Weights = start or [weight.copy() for weight in model.get_weights()]

    def update(self) -> None:
        """Move the average towards the present weights."""
        kept = min(self._momentum, (1 + self._updates) / (10 + self._updates))
        self._updates += 1
        self.values = [
            kept * mean + (1 - kept) * weight
            for mean, weight in zip(self.values, self._model.get_weights(), strict=True)
        ]

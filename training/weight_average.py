"""An exponential moving average of a network's weights.

The average generalises better than any single step's weights (Polyak and Juditsky
1992; Izmailov et al. 2018). The moving statistics of batch normalisation are averaged
too, so that they belong to the averaged kernels.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from training.checkpoints import Weights

if TYPE_CHECKING:
    import keras


class WeightAverage:
    """The running average of a model's weights.

    Parameters
    ----------
    momentum
        Share of the average that each step keeps, 0 to 1.
    start
        The average so far; the model's own weights where None.
    """

    def __init__(self, model: keras.Model, momentum: float, start: Weights | None = None) -> None:
        self._model = model
        self._momentum = momentum
        self.values: Weights = start or [weight.copy() for weight in model.get_weights()]

    def update(self) -> None:
        """Move the average towards the present weights."""
        kept = self._momentum
        self.values = [
            kept * mean + (1 - kept) * weight
            for mean, weight in zip(self.values, self._model.get_weights(), strict=True)
        ]

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the model have the average; it gets its own weights back afterwards."""
        own = self._model.get_weights()
        self._model.set_weights(self.values)
        try:
            yield
        finally:
            self._model.set_weights(own)

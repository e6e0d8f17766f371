"""The weights that are validated and kept, where they are others than those that are trained.

They are the running average, where one is kept, mixed with the weights of the model that the run
went on from. Such a mixture is nearly as good on the new scans and forgets much less of the
others than the trained weights alone (Wortsman et al. 2022, robust fine-tuning of zero-shot
models): what was measured here is in ``docs/experiments.md``.

The average generalises better than any single step's weights (Polyak and Juditsky 1992; Izmailov
et al. 2018). The moving statistics of batch normalisation are averaged too, so that they belong to
the averaged kernels. The first steps keep less of it: else the weights that the run began with, a
random head among them, would make up much of the average of a short run (0.99 to the power of 96
steps is 38 %). The share is that of TensorFlow's ``tf.train.ExponentialMovingAverage`` with
``num_updates``.
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
    """Lends a model the weights by which it is judged.

    Parameters
    ----------
    momentum
        Share of the running average that each step keeps, 0 to 1; the first ones keep less. None:
        no average is kept.
    average, updates
        The average so far, the model's own weights where none is given, and how many steps it has
        taken.
    start, start_share
        The weights that the run began with, none where they have no share, and theirs, 0 to 1.
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
        # Where the network computes: all weights would else be fetched from a GPU at each step.
        self._average: list[Any] = []
        if momentum is not None:
            self._average = _tensors(average or model.get_weights())
        self._moved = compiled(_moved)

    @property
    def average(self) -> Weights:
        """The running average; empty where none is kept."""
        from keras import ops

        return [ops.convert_to_numpy(mean) for mean in self._average]

    def update(self) -> None:
        """Move the average, where one is kept, towards the present weights."""
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
        """Let the model have them; it gets its own weights back afterwards."""
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

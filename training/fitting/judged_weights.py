"""The weights that are validated and kept, where they are others than those that are trained.

They are the running average, where one is kept, mixed with the weights of the model that the run
went on from. Such a mixture is nearly as good on the new scans and forgets much less of the
others than the trained weights alone (Wortsman et al. 2022, robust fine-tuning of zero-shot
models): what was measured here is in ``docs/experiments.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from training.fitting.checkpoints import Weights
from training.fitting.weight_average import WeightAverage

if TYPE_CHECKING:
    import keras


class JudgedWeights:
    """Lends a model the weights by which it is judged.

    Parameters
    ----------
    average
        The running average; the model's own weights where None.
    start
        The weights that the run began with; empty where they have no share.
    start_share
        Theirs, 0 to 1.
    """

    def __init__(
        self,
        model: keras.Model,
        average: WeightAverage | None = None,
        start: Weights | None = None,
        start_share: float = 0.0,
    ) -> None:
        self._model, self._average = model, average
        self._start, self._share = start or [], start_share

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Let the model have them; it gets its own weights back afterwards."""
        if self._average is None and not self._start:
            yield
            return
        own = self._model.get_weights()
        judged = own if self._average is None else self._average.values
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

"""One verdict for a series from the probabilities of its slices, by a stated rule.

The rule:

1. Slices that could not be read, and slices on which no outline of a head was found, do
   not count; the slices that are left keep their order.
2. The score of a class is its mean probability over the three neighbouring slices where
   that mean is greatest (over all slices where fewer than three count).
3. The tumour with the greatest score is the verdict if its score is above one half;
   otherwise the verdict is "no tumour".
4. The slices that decided are those of the winning window. No window decides "no
   tumour": it says that none spoke for a tumour, so there are no deciding slices.

Three slices, so that one slice alone cannot decide. The rule is not validated on whole
series: the models were trained and tested on single slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WINDOW = 3
LIMIT = 0.5
HEALTHY = "notumor"


@dataclass(frozen=True)
class SliceReading:
    """What a model said about one slice.

    Attributes
    ----------
    index
        The slice's place in its series, from 0.
    probabilities
        One a class, 0 to 1; empty where the slice could not be read.
    has_head
        False where no outline of a head was found.
    problem
        Why there are no probabilities, in a sentence.
    """

    index: int
    probabilities: tuple[float, ...] = ()
    has_head: bool = True
    problem: str = ""

    @property
    def counts(self) -> bool:
        """Whether the series' verdict heeds this slice."""
        return bool(self.probabilities) and self.has_head


@dataclass(frozen=True)
class SeriesVerdict:
    """A series' verdict.

    Attributes
    ----------
    class_index
        The verdict's class, in the model's order.
    score
        Of the verdict, 0 to 1; for "no tumour", that of the likeliest tumour.
    likeliest_tumour
        The tumour class with the greatest score.
    deciding
        Indexes of the slices that decided, in order; none for "no tumour".
    counted, left_out
        How many slices the verdict heeds, and how many it does not.
    """

    class_index: int
    score: float
    likeliest_tumour: int
    deciding: tuple[int, ...]
    counted: int
    left_out: int


def series_verdict(
    readings: Sequence[SliceReading], classes: Sequence[str]
) -> SeriesVerdict | None:
    """Return the verdict by the rule above; None where no slice counts.

    Parameters
    ----------
    readings
        One a slice, in the order of the series.
    classes
        Names in the model's order. A model without the class "notumor" always names the
        class with the greatest score.
    """
    counted = [reading for reading in readings if reading.counts]
    if not counted:
        return None
    shares = np.array([reading.probabilities for reading in counted], float)
    width = min(WINDOW, len(counted))
    means = np.lib.stride_tricks.sliding_window_view(shares, width, axis=0).mean(axis=-1)
    tumours = [index for index, name in enumerate(classes) if name != HEALTHY]
    best = max(tumours, key=lambda index: float(means[:, index].max()))
    start = int(means[:, best].argmax())
    score = float(means[start, best])
    is_tumour = score > LIMIT or HEALTHY not in classes
    return SeriesVerdict(
        class_index=best if is_tumour else list(classes).index(HEALTHY),
        score=score,
        likeliest_tumour=best,
        deciding=tuple(r.index for r in counted[start : start + width]) if is_tumour else (),
        counted=len(counted),
        left_out=len(readings) - len(counted),
    )

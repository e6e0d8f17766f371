"""One verdict for a series from the probabilities of its slices, by a stated rule.

The rule:

1. Slices that could not be read, and slices on which no outline of a head was found, do
   not count.
2. The score of a class is its mean probability over the three neighbouring slices where
   that mean is greatest. Neighbours follow each other: no slice between them is uncounted
   or missing, and no two lie at the same place (echoes, b-values). A series of one or two
   slices is taken as a whole.
3. Without three such slices there is no verdict, nor where orientations are mixed.
4. Three neighbours speak for a tumour where the probabilities of all tumours together are
   above one half in the mean, of whatever kind it is. Where some do, the verdict is the
   tumour that has the greatest score among these; otherwise it is "no tumour".
5. The slices that decided are those of the winning window. No window decides "no
   tumour": it says that none spoke for a tumour, so there are no deciding slices.
6. "No tumour" is complete only if every slice was read, and every slice with a head
   belongs to three neighbours. A tumour stays one however much was not read.

Three slices, so that one slice alone cannot decide. The rule is not validated on whole
series: the models were trained and tested on single slices.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.scan import Greys

WINDOW = 3
LIMIT = 0.5


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
    greys
        The window that fed the network; None where the slice could not be read.
    """

    index: int
    probabilities: tuple[float, ...] = ()
    has_head: bool = True
    problem: str = ""
    greys: Greys | None = None

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
    total
        How many slices the series has.
    unread, headless, alone
        How many of them do not count: could not be read, show no head, or are not among
        three neighbours.
    any_tumour
        The mean probability of all tumours together where ``score`` was reached, 0 to 1.
    """

    class_index: int
    score: float
    likeliest_tumour: int
    deciding: tuple[int, ...]
    total: int
    unread: int = 0
    headless: int = 0
    alone: int = 0
    any_tumour: float = 0.0

    @property
    def is_complete(self) -> bool:
        """False for a "no tumour" that does not rest on every slice with a head."""
        return bool(self.deciding) or not (self.unread or self.alone)


def series_verdict(
    readings: Sequence[SliceReading],
    class_count: int,
    healthy: int | None,
    breaks: Collection[int] = (),
) -> SeriesVerdict | None:
    """Return the verdict by the rule above; None where no three neighbours count.

    Parameters
    ----------
    readings
        One a slice, in the order of the series.
    class_count
        How many classes the model knows.
    healthy
        Which of them shows no tumour; where it is None, the class with the greatest score is
        always named.
    breaks
        Indexes of slices that are no neighbours of the one before.
    """
    if not any(reading.counts for reading in readings):
        return None
    width = min(WINDOW, len(readings))
    means = _window_means(readings, class_count, width, breaks)
    weighed = ~np.isnan(means[:, 0])
    if not weighed.any():
        return None
    tumours = [index for index in range(class_count) if index != healthy]
    of_any = means[:, tumours].sum(axis=1)
    speaking = of_any > LIMIT
    is_tumour = healthy is None or bool(speaking.any())
    if speaking.any():  # what speaks for none has no say in which it is
        means[~speaking] = np.nan
    best = max(tumours, key=lambda index: float(np.nanmax(means[:, index])))
    start = int(np.nanargmax(means[:, best]))
    heeded = int(np.count_nonzero(np.convolve(weighed, np.ones(width))))
    return SeriesVerdict(
        class_index=best if is_tumour or healthy is None else healthy,
        score=float(means[start, best]),
        likeliest_tumour=best,
        deciding=tuple(r.index for r in readings[start : start + width]) if is_tumour else (),
        total=len(readings),
        unread=sum(not reading.probabilities for reading in readings),
        headless=sum(bool(r.probabilities) and not r.has_head for r in readings),
        alone=sum(reading.counts for reading in readings) - heeded,
        any_tumour=float(of_any[start]),
    )


def telling_slice(readings: Sequence[SliceReading], verdict: SeriesVerdict) -> int:
    """Return the index of the slice that speaks most for a verdict.

    Of the slices that decided, the one that speaks most for the verdict's class. No slice
    decides "no tumour": of all that count, the one that speaks most for the likeliest tumour,
    where the reader will want to look.
    """
    heeded = [
        r for r in readings if r.counts and (r.index in verdict.deciding or not verdict.deciding)
    ]
    return max(heeded, key=lambda r: r.probabilities[verdict.likeliest_tumour]).index


def _window_means(
    readings: Sequence[SliceReading], classes: int, width: int, breaks: Collection[int]
) -> NDArray[np.float64]:
    """Return (windows, classes) mean probabilities; NaN where slices are no neighbours."""
    nothing = (np.nan,) * classes
    shares = np.array([r.probabilities if r.counts else nothing for r in readings], float)
    means = np.lib.stride_tricks.sliding_window_view(shares, width, axis=0).mean(axis=-1)
    for index in breaks:
        means[max(0, index - width + 1) : index] = np.nan
    return np.asarray(means, np.float64)

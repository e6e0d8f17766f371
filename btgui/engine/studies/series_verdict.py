"""One verdict for a series from the probabilities of its slices, by a fixed rule.

The rule:

1. Slices that could not be read, and slices on which no outline of a head was found, do
   not count.
2. The score of a class is its mean probability over the three neighbouring slices (the
   window) where this mean is greatest. Neighbours are consecutive: no slice between them is
   uncounted or missing, and no two lie at the same position (echoes, b-values). A series of
   one or two slices is treated as a single window.
3. Without three such slices, or with mixed orientations, there is no verdict.
4. A window indicates a tumour if the probabilities of all tumour classes add up to more than
   one half on average. If any window does, the verdict is the tumour class with the greatest
   score among these windows; otherwise it is "no tumour".
5. The deciding slices are those of the winning window. "No tumour" has no deciding slices,
   because it means that no window indicated a tumour.
6. "No tumour" is complete only if every slice was read and every slice with a head belongs
   to a window. A tumour verdict stands however many slices could not be read.

Windows have three slices so that a single slice cannot decide. The rule is not validated on
whole series: the models were trained and tested on single slices.
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
    """A model's result for one slice.

    Attributes
    ----------
    index
        The slice's index in its series, from 0.
    probabilities
        One probability per class, 0 to 1; empty where the slice could not be read.
    has_head
        False where no outline of a head was found.
    problem
        The reason why there are no probabilities, as a sentence.
    greys
        The window of the network's input; None where the slice could not be read.
    novelty
        How unlike the training scans the slice is, novel above 1 (:mod:`btgui.engine.novelty`);
        None where that is unknown.
    """

    index: int
    probabilities: tuple[float, ...] = ()
    has_head: bool = True
    problem: str = ""
    greys: Greys | None = None
    novelty: float | None = None

    @property
    def counts(self) -> bool:
        """Whether this slice counts for the verdict on the series."""
        return bool(self.probabilities) and self.has_head

    @property
    def is_novel(self) -> bool:
        """Whether the slice is known to be unlike the training scans."""
        return self.novelty is not None and self.novelty > 1


@dataclass(frozen=True)
class SeriesVerdict:
    """The verdict on a series.

    Attributes
    ----------
    class_index
        The verdict's class, in the model's order.
    score
        Score of the verdict, 0 to 1; for "no tumour", that of the most likely tumour.
    likeliest_tumour
        The tumour class with the greatest score.
    deciding
        Indexes of the deciding slices, in order; empty for "no tumour".
    total
        Number of slices in the series.
    unread, headless, alone
        Numbers of slices that do not count because they could not be read, show no head, or
        do not belong to three neighbours.
    any_tumour
        Mean total probability of all tumour classes in the window that reached ``score``, 0 to 1.
    novel
        Number of slices unlike the training scans among those that the verdict is based on: the
        deciding slices, or for "no tumour" all that count.
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
    novel: int = 0

    @property
    def based_on(self) -> int:
        """Number of slices that the verdict is based on, as ``novel`` counts them."""
        return len(self.deciding) or self.total - self.unread - self.headless

    @property
    def is_complete(self) -> bool:
        """False for a "no tumour" verdict that is not based on every slice with a head."""
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
        One reading per slice, in the order of the series.
    class_count
        Number of classes of the model.
    healthy
        Index of the class without a tumour. Where it is None, the verdict is always the class with
        the greatest score.
    breaks
        Indexes of slices that are not neighbours of the slice before.
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
    if speaking.any():  # windows that indicate no tumour do not influence which tumour it is
        means[~speaking] = np.nan
    best = max(tumours, key=lambda index: float(np.nanmax(means[:, index])))
    start = int(np.nanargmax(means[:, best]))
    heeded = int(np.count_nonzero(np.convolve(weighed, np.ones(width))))
    deciding = readings[start : start + width] if is_tumour else []
    return SeriesVerdict(
        class_index=best if is_tumour or healthy is None else healthy,
        score=float(means[start, best]),
        likeliest_tumour=best,
        deciding=tuple(reading.index for reading in deciding),
        total=len(readings),
        unread=sum(not reading.probabilities for reading in readings),
        headless=sum(bool(r.probabilities) and not r.has_head for r in readings),
        alone=sum(reading.counts for reading in readings) - heeded,
        any_tumour=float(of_any[start]),
        novel=sum(reading.is_novel and reading.counts for reading in deciding or readings),
    )


def telling_slice(readings: Sequence[SliceReading], verdict: SeriesVerdict) -> int:
    """Return the index of the most telling slice for a verdict.

    For a tumour, this is the deciding slice with the greatest probability of the verdict's class.
    "No tumour" has no deciding slices; here it is the counted slice with the greatest probability
    of the most likely tumour, where the reader will want to look.
    """
    heeded = [
        r for r in readings if r.counts and (r.index in verdict.deciding or not verdict.deciding)
    ]
    return max(heeded, key=lambda r: r.probabilities[verdict.likeliest_tumour]).index


def _window_means(
    readings: Sequence[SliceReading], classes: int, width: int, breaks: Collection[int]
) -> NDArray[np.float64]:
    """Return (windows, classes) mean probabilities; NaN where slices are not neighbours."""
    nothing = (np.nan,) * classes
    shares = np.array([r.probabilities if r.counts else nothing for r in readings], float)
    means = np.lib.stride_tricks.sliding_window_view(shares, width, axis=0).mean(axis=-1)
    for index in breaks:
        means[max(0, index - width + 1) : index] = np.nan
    return np.asarray(means, np.float64)

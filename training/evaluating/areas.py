"""Areas under ROC curves, each with its 95 % confidence interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.evaluating.effective_number import Z_95, estimated_share, least_number
from training.evaluating.evaluation import Estimate

_TINY = 1e-9


def area(
    is_it: NDArray[np.bool_],
    score: NDArray[np.float64],
    patients: NDArray[np.int64] | None = None,
) -> Estimate:
    """Return the area under the ROC curve with Newcombe's score interval.

    The area is NaN unless there are scans both of the class and not of it. The interval uses the
    effective numbers of scans (Obuchowski 1997).

    Parameters
    ----------
    is_it
        (n,) whether a scan is of the class.
    score
        (n,) a score that is larger for scans of the class.
    patients
        (n,) the number of each scan's patient; None if every scan is of another patient.
    """
    if is_it.all() or not is_it.any():
        return Estimate(np.nan, 0.0, 1.0)
    value, parts = _area_and_parts(is_it, score)
    own = np.arange(len(is_it)) if patients is None else patients
    worth = estimated_share(parts, own, is_it)
    hits, misses = (
        max(worth * int(kind.sum()), least_number(own[kind])) for kind in (is_it, ~is_it)
    )
    return Estimate(value, *area_interval(value, hits, misses))


def mean_area(
    labels: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    areas: Sequence[Estimate],
    patients: NDArray[np.int64] | None = None,
) -> Estimate:
    """Return the mean of the classes' areas; NaN if a class has no scan or all of them.

    The interval combines the intervals of the areas and the correlations of their errors (the method
    of variance estimates recovery, Zou 2007). A correlation that cannot be estimated counts as 1.

    Parameters
    ----------
    areas
        The area of each class against the rest, from :func:`area`.
    """
    value = float(np.mean([one.value for one in areas]))
    if np.isnan(value):
        return Estimate(value, 0.0, 1.0)
    own = np.arange(len(labels)) if patients is None else patients
    _, places = np.unique(own, return_inverse=True)
    parts = [
        _area_and_parts(labels == index, probabilities[:, index])[1] for index in range(len(areas))
    ]
    together = np.stack([np.bincount(places, weights=one) for one in parts])
    lengths = np.linalg.norm(together, axis=1)
    scale = np.outer(lengths, lengths)
    alike = np.where(scale > 0, together @ together.T / np.where(scale > 0, scale, 1), 1.0)

    def reach(lengths: list[float]) -> float:
        squared = float(np.array(lengths) @ alike @ np.array(lengths))
        return float(max(0.0, squared) ** 0.5) / len(areas)

    low = value - reach([one.value - one.low for one in areas])
    return Estimate(value, low, value + reach([one.high - one.value for one in areas]))


def area_interval(value: float, hits: float, misses: float) -> tuple[float, float]:
    """Return the 95 % interval of an area under the ROC curve (Newcombe 2006, method 5).

    A bound is the area whose distance from the measured one is 1.96 times its own standard error
    (Hanley and McNeil 1982, with one count for both kinds of scan). Like Wilson's interval, this one
    stays within 0 and 1 and does not collapse when the area is 1.

    Parameters
    ----------
    hits, misses
        The (effective) numbers of scans that are of the class and that are not; at least 1 each.
    """
    from scipy.optimize import brentq

    half = (hits + misses) / 2 - 1

    def beyond(bound: float) -> float:
        spread = 1 + half * ((1 - bound) / (2 - bound) + bound / (1 + bound))
        variance = bound * (1 - bound) * spread / (hits * misses)
        return float((value - bound) ** 2 - Z_95**2 * variance)

    # Beyond a bound ``beyond`` is positive, at the area itself negative: each bound is a root.
    low = 0.0 if value <= 0 else float(brentq(beyond, 0.0, min(value, 1 - _TINY)))
    high = 1.0 if value >= 1 else float(brentq(beyond, max(value, _TINY), 1.0))
    return low, high


def _area_and_parts(
    is_it: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Return the area and each scan's contribution to it, (n,) (DeLong et al. 1988).

    A scan of the class contributes the share of the other scans that score lower, another scan the
    share of scans of the class that score higher, each less the area; ties count half.
    """
    from scipy.stats import rankdata

    ranks = rankdata(score)
    shares = np.empty(len(score))
    hits, misses = int(is_it.sum()), int((~is_it).sum())
    shares[is_it] = (ranks[is_it] - rankdata(score[is_it])) / misses
    shares[~is_it] = 1 - (ranks[~is_it] - rankdata(score[~is_it])) / hits
    value = float(shares[is_it].mean())
    return value, (shares - value) / np.where(is_it, hits, misses)

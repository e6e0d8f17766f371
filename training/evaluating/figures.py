"""The figures of a test, each with its 95 % confidence interval.

Proportions (accuracy, recall, specificity, precision) have Wilson's interval (1927). F1 is a
function of the share of right scans among those that are of the class or were called so, and
has that share's. An area under the ROC curve has Newcombe's score interval (2006), which is
not empty where the area is 1. Means over classes, the calibration error and the sensitivity at a
specificity, whose threshold is of the same scans, have the percentile interval of a seeded
bootstrap over scans (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.calibration import calibration_gap
from training.evaluating.evaluation import Z_95, wilson_interval

_RESAMPLES = 400
_TAILS = (2.5, 97.5)  # percentiles
_TINY = 1e-9
_AT_SPECIFICITY = 0.95

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure, 0 to 1, with its 95 % interval.

    ``value`` is NaN where it is not defined; ``low`` and ``high`` are NaN where scans cannot
    tell how sure it is (a bootstrap over scans that are all right has no spread).
    """

    value: float
    low: float
    high: float


def proportion(hits: NDArray[np.bool_]) -> Estimate:
    """Return the share of true values, (n,), with Wilson's interval; of none, NaN, from 0 to 1."""
    if not len(hits):
        return Estimate(np.nan, 0.0, 1.0)
    return Estimate(float(hits.mean()), *wilson_interval(int(hits.sum()), len(hits)))


def class_figures(
    labels: Labels, probabilities: Probabilities, classes: tuple[str, ...]
) -> dict[str, dict[str, Estimate]]:
    """Return recall, specificity, precision, F1 and ROC-AUC (one against the rest) of each class.

    Parameters
    ----------
    labels
        (n,) true class indices.
    probabilities
        (n, classes).
    """
    from sklearn.metrics import f1_score

    said = probabilities.argmax(axis=1)
    figures = {}
    for index, name in enumerate(classes):
        is_it, said_it = labels == index, said == index
        either = is_it | said_it
        f1 = float(f1_score(is_it, said_it, zero_division=np.nan))
        figures[name] = {
            "recall": proportion(said_it[is_it]),
            "specificity": proportion(~said_it[~is_it]),
            "precision": proportion(is_it[said_it]),
            "f1": Estimate(f1, *f1_interval(int((is_it & said_it).sum()), int(either.sum()))),
            "auc": area(is_it, probabilities[:, index]),
        }
    return figures


def summary_figures(
    labels: Labels, probabilities: Probabilities, seed: int = 0
) -> dict[str, Estimate]:
    """Return accuracy, the mean ROC-AUC of the classes, and figures weighted by class size.

    Weighted recall is the accuracy: each is the share of all scans that are named rightly.
    """
    from sklearn.metrics import confusion_matrix

    said = probabilities.argmax(axis=1)
    cells = confusion_matrix(labels, said, labels=list(range(probabilities.shape[1])))
    means = weighted_figures(cells, seed)
    return {
        "accuracy": means["recall"],
        "weighted_precision": means["precision"],
        "weighted_recall": means["recall"],
        "weighted_specificity": means["specificity"],
        "weighted_f1": means["f1"],
        "mean_auc": _mean_area(labels, probabilities, seed),
    }


def weighted_figures(cells: NDArray[np.int64], seed: int = 0) -> dict[str, Estimate]:
    """Return precision, recall, specificity and F1, each weighted by the classes' scans.

    Parameters
    ----------
    cells
        (classes, classes) confusion matrix, a row a true class; at least one scan.
    """
    count, right = int(cells.sum()), int(np.trace(cells))
    # To draw scans with replacement is to draw how many fall into each cell.
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(count, cells.ravel() / count, _RESAMPLES)
    spread = _weighted(drawn.reshape(_RESAMPLES, *cells.shape))
    found = _weighted(cells[None])
    figures = {name: Estimate(float(found[name][0]), *_spread(spread[name])) for name in found}
    return figures | {"recall": Estimate(right / count, *wilson_interval(right, count))}


def _weighted(cells: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return weighted figures of confusion matrices, (m, classes, classes); each (m,)."""
    right = np.diagonal(cells, axis1=1, axis2=2)
    true, said = cells.sum(axis=2), cells.sum(axis=1)
    others = true.sum(axis=1, keepdims=True) - true
    by_class = {
        "precision": right / np.maximum(said, 1),
        "specificity": (others - (said - right)) / np.maximum(others, 1),
        "f1": 2 * right / np.maximum(true + said, 1),
    }
    share = true / true.sum(axis=1, keepdims=True)
    return {name: (values * share).sum(axis=1) for name, values in by_class.items()}


def _mean_area(labels: Labels, probabilities: Probabilities, seed: int) -> Estimate:
    """Return the mean of the classes' areas; NaN where a class has no scan or all of them."""
    count = probabilities.shape[1]

    def mean_of(area_of: Callable[..., float]) -> Callable[[Labels], float]:
        return lambda chosen: float(
            np.mean([area_of(labels[chosen] == i, probabilities[chosen, i]) for i in range(count)])
        )

    value = mean_of(_auc_of)(np.arange(len(labels)))
    found = bootstrap(len(labels), mean_of(_auc_by_ranks), seed)
    return Estimate(value, found.low, found.high)


def calibration_figure(probabilities: Probabilities, labels: Labels, seed: int = 0) -> Estimate:
    """Return the expected calibration error with its bootstrap interval.

    Resampling adds to an error that cannot be negative; where the interval lies above the
    error itself, it is drawn down to it.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    found = bootstrap(
        len(labels), lambda chosen: calibration_gap(confidence[chosen], right[chosen]), seed
    )
    return Estimate(found.value, min(found.low, found.value), max(found.high, found.value))


def tumour_figures(
    labels: Labels,
    probabilities: Probabilities,
    healthy_index: int | None,
    patients: Labels | None = None,
    seed: int = 0,
) -> dict[str, Estimate]:
    """Return how well any tumour is told from none; empty without both kinds of scan.

    Sensitivity and specificity are those of the verdict; ``sensitivity_at_95`` is the
    share of tumours above the least tumour probability that 95 % or more of the healthy scans
    do not exceed. Its interval is of healthy scans and tumours drawn together, since other healthy scans would
    have given another threshold.

    Parameters
    ----------
    patients
        (n,) a number for each scan, one for those of one patient, who are drawn as a whole;
        scan by scan where None.
    """
    if healthy_index is None:
        return {}
    has_tumour = labels != healthy_index
    if has_tumour.all() or not has_tumour.any():
        return {}
    tumour = 1 - probabilities[:, healthy_index]
    said_tumour = probabilities.argmax(axis=1) != healthy_index

    def at_specificity(chosen: Labels) -> float:
        score, is_tumour = tumour[chosen], has_tumour[chosen]
        if is_tumour.all() or not is_tumour.any():
            return float("nan")
        # One of the scores, so that no fewer of the healthy are at or below it than is said.
        threshold = float(np.quantile(score[~is_tumour], _AT_SPECIFICITY, method="inverted_cdf"))
        return float((score[is_tumour] > threshold).mean())

    return {
        "sensitivity": proportion(said_tumour[has_tumour]),
        "specificity": proportion(~said_tumour[~has_tumour]),
        "sensitivity_at_95": bootstrap(len(labels), at_specificity, seed, patients),
        "auc": area(has_tumour, tumour),
    }


def f1_interval(right: int, either: int) -> tuple[float, float]:
    """Return the 95 % interval of an F1.

    Of the scans that are of a class or were called so, F1 = 2 J / (1 + J) for the share J of
    those that are both: Wilson's interval of J becomes that of F1.

    Parameters
    ----------
    right
        How many scans are of the class and were called so.
    either
        How many are of the class or were called so.
    """
    low, high = wilson_interval(right, either)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def area(is_it: NDArray[np.bool_], score: NDArray[np.float64]) -> Estimate:
    """Return the area under the ROC curve with Newcombe's score interval; NaN without both kinds.

    Parameters
    ----------
    is_it
        (n,) whether a scan is of the class.
    score
        (n,) larger for scans that are.
    """
    value = _auc_of(is_it, score)
    if not np.isfinite(value):
        return Estimate(value, 0.0, 1.0)
    hits = int(is_it.sum())
    return Estimate(value, *area_interval(value, hits, len(is_it) - hits))


def area_interval(value: float, hits: int, misses: int) -> tuple[float, float]:
    """Return the 95 % interval of an area under the ROC curve (Newcombe 2006, method 5).

    A bound is the area whose standard error (Hanley and McNeil 1982, with one count for both
    kinds) times 1.96 reaches to the one that was found: as Wilson's interval, it stays within 0
    and 1 and keeps its length where the area is 1.

    Parameters
    ----------
    hits, misses
        How many scans are of the class and how many are not; at least one each.
    """
    from scipy.optimize import brentq

    half = (hits + misses) / 2 - 1

    def beyond(bound: float) -> float:
        spread = 1 + half * ((1 - bound) / (2 - bound) + bound / (1 + bound))
        variance = bound * (1 - bound) * spread / (hits * misses)
        return float((value - bound) ** 2 - Z_95**2 * variance)

    # Beyond the bounds the difference is the larger; at the area itself the spread is.
    low = 0.0 if value <= 0 else float(brentq(beyond, 0.0, min(value, 1 - _TINY)))
    high = 1.0 if value >= 1 else float(brentq(beyond, max(value, _TINY), 1.0))
    return low, high


def bootstrap(
    count: int,
    figure: Callable[[Labels], float],
    seed: int,
    groups: Labels | None = None,
) -> Estimate:
    """Return a figure of all scans with its bootstrap interval.

    Parameters
    ----------
    count
        How many scans there are.
    figure
        Computes it for a choice of scans; NaN where the choice does not define it.
    groups
        (count,) scans of one number are drawn together; scan by scan where None.
    """
    generator = np.random.default_rng(seed)
    if groups is None or len(set(groups.tolist())) == count:
        draws = (generator.integers(0, count, count) for _ in range(_RESAMPLES))
    else:
        members = [np.flatnonzero(groups == group) for group in np.unique(groups)]
        whole = (generator.integers(0, len(members), len(members)) for _ in range(_RESAMPLES))
        draws = (np.concatenate([members[index] for index in chosen]) for chosen in whole)
    drawn = np.array([figure(chosen) for chosen in draws])
    return Estimate(figure(np.arange(count)), *_spread(drawn))


def _spread(drawn: NDArray[np.float64]) -> tuple[float, float]:
    """Return the interval that holds 95 % of the resamples' figures."""
    defined = drawn[np.isfinite(drawn)]
    if not len(defined):
        return 0.0, 1.0
    if np.ptp(defined) < _TINY:  # no scan in error is left to resample: that is not certainty
        return float("nan"), float("nan")
    low, high = np.percentile(defined, _TAILS)
    return float(low), float(high)


def _auc_of(is_it: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Return the area under the ROC curve; NaN where the scans are all of one kind."""
    from sklearn.metrics import roc_auc_score

    if is_it.all() or not is_it.any():
        return float("nan")
    return float(roc_auc_score(is_it, score))


def _auc_by_ranks(is_it: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Return the same as Mann and Whitney's statistic: a bootstrap waits for it, many times."""
    from scipy.stats import rankdata

    hits, misses = int(is_it.sum()), int((~is_it).sum())
    if not hits or not misses:
        return float("nan")
    return float((rankdata(score)[is_it].sum() - hits * (hits + 1) / 2) / (hits * misses))

"""The figures of a test, each with its 95 % confidence interval.

Proportions (accuracy, recall, specificity, precision) have Wilson's interval (1927); F1,
means over classes and areas under the ROC curve have the percentile interval of a seeded
bootstrap over scans (Efron and Tibshirani 1993).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation import wilson_interval

_RESAMPLES = 400
_TAILS = (2.5, 97.5)  # percentiles
_AT_SPECIFICITY = 0.95
HEALTHY = "notumor"

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure, 0 to 1, with its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


def proportion(hits: NDArray[np.bool_]) -> Estimate:
    """Return the share of true values, with Wilson's interval."""
    if not len(hits):
        return Estimate(np.nan, 0.0, 1.0)
    return Estimate(float(hits.mean()), *wilson_interval(int(hits.sum()), len(hits)))


def class_figures(
    labels: Labels, probabilities: Probabilities, classes: tuple[str, ...], seed: int = 0
) -> dict[str, dict[str, Estimate]]:
    """Return recall, specificity, precision, F1 and ROC-AUC (one against the rest) of each class.

    Parameters
    ----------
    labels
        (n,) true class indices.
    probabilities
        (n, classes).
    """
    said = probabilities.argmax(axis=1)
    figures = {}
    for index, name in enumerate(classes):
        is_it, said_it = labels == index, said == index
        figures[name] = {
            "recall": proportion(said_it[is_it]),
            "specificity": proportion(~said_it[~is_it]),
            "precision": proportion(is_it[said_it]),
            "f1": bootstrap(len(labels), _f1_of(is_it, said_it), seed),
            "auc": bootstrap(len(labels), _auc_of(is_it, probabilities[:, index]), seed),
        }
    return figures


def summary_figures(
    labels: Labels, probabilities: Probabilities, seed: int = 0
) -> dict[str, Estimate]:
    """Return accuracy, F1 weighted by class size, and the mean ROC-AUC of the classes."""
    said = probabilities.argmax(axis=1)
    count = probabilities.shape[1]

    def weighted_f1(chosen: Labels) -> float:
        from sklearn.metrics import f1_score

        return float(f1_score(labels[chosen], said[chosen], average="weighted", zero_division=0.0))

    def mean_auc(chosen: Labels) -> float:
        areas = [_auc_of(labels == i, probabilities[:, i])(chosen) for i in range(count)]
        return float(np.mean(areas))

    return {
        "accuracy": proportion(said == labels),
        "weighted_f1": bootstrap(len(labels), weighted_f1, seed),
        "mean_auc": bootstrap(len(labels), mean_auc, seed),
    }


def tumour_figures(
    labels: Labels, probabilities: Probabilities, classes: tuple[str, ...]
) -> dict[str, Estimate]:
    """Return how well any tumour is told from none; empty without both kinds of scan.

    Sensitivity and specificity are those of the verdict; ``sensitivity_at_95`` is the
    share of tumours above the 95th percentile of the healthy scans' tumour probability.
    """
    if HEALTHY not in classes:
        return {}
    healthy_index = classes.index(HEALTHY)
    has_tumour = labels != healthy_index
    if has_tumour.all() or not has_tumour.any():
        return {}
    tumour = 1 - probabilities[:, healthy_index]
    said_tumour = probabilities.argmax(axis=1) != healthy_index
    threshold = float(np.quantile(tumour[~has_tumour], _AT_SPECIFICITY))
    return {
        "sensitivity": proportion(said_tumour[has_tumour]),
        "specificity": proportion(~said_tumour[~has_tumour]),
        "sensitivity_at_95": proportion(tumour[has_tumour] > threshold),
        "auc": bootstrap(len(labels), _auc_of(has_tumour, tumour), 0),
    }


def bootstrap(count: int, figure: Callable[[Labels], float], seed: int) -> Estimate:
    """Return a figure of all scans with its bootstrap interval.

    Parameters
    ----------
    count
        How many scans there are.
    figure
        Computes it for a choice of scans; NaN where the choice does not define it.
    """
    generator = np.random.default_rng(seed)
    drawn = [figure(generator.integers(0, count, count)) for _ in range(_RESAMPLES)]
    defined = [value for value in drawn if np.isfinite(value)]
    low, high = np.percentile(defined, _TAILS) if defined else (0.0, 1.0)
    return Estimate(figure(np.arange(count)), float(low), float(high))


def _f1_of(is_it: NDArray[np.bool_], said_it: NDArray[np.bool_]) -> Callable[[Labels], float]:
    def figure(chosen: Labels) -> float:
        hits = int((is_it[chosen] & said_it[chosen]).sum())
        total = int(is_it[chosen].sum() + said_it[chosen].sum())
        return 2 * hits / total if total else float("nan")

    return figure


def _auc_of(is_it: NDArray[np.bool_], score: NDArray[np.float64]) -> Callable[[Labels], float]:
    """Return the area under the ROC curve as Mann and Whitney's statistic, ties shared."""

    def figure(chosen: Labels) -> float:
        from scipy.stats import rankdata

        positive = is_it[chosen]
        hits, misses = int(positive.sum()), int((~positive).sum())
        if not hits or not misses:
            return float("nan")
        ranks = rankdata(score[chosen])
        return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * misses))

    return figure

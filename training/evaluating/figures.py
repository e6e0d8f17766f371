"""The figures of a test, each with its 95 % confidence interval.

Proportions (accuracy, recall, specificity, precision) have Wilson's interval (1927). F1 is a
function of the Jaccard index (the share of correct scans among those that are or were classified as
the class), and its interval is computed from that of the index. An area under the ROC curve has
Newcombe's score interval (2006), which does not collapse when the area is 1, and a mean of areas an
interval combined from these. Figures weighted by class size have Wilson's interval for the number of
scans at which a proportion has the same variance. With several scans per patient, all of these use
the effective number of scans (:mod:`training.evaluating.effective_number`). The calibration error
and the sensitivity at a given specificity, whose threshold depends on the same scans, have the
percentile interval of a seeded bootstrap over patients (Rutter 2000; over scans if each is of another
patient: Efron and Tibshirani 1993).

``patients`` is (n,) the number of each scan's patient throughout; None if every scan is of another
patient.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.calibration import calibration_gap
from training.evaluating.areas import area, mean_area
from training.evaluating.effective_number import effective_share, least_number
from training.evaluating.evaluation import Estimate, share_interval, wilson_interval

_RESAMPLES = 400
_TAIL = 0.025
_TINY = 1e-9
_AT_SPECIFICITY = 0.95
# With fewer healthy patients to set the threshold, the interval's coverage would be too low.
_FEWEST_HEALTHY = 30
_STEP = 1e-4  # of a scan

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


def proportion(hits: NDArray[np.bool_], patients: Labels | None = None) -> Estimate:
    """Return the share of True in ``hits``, (n,), with Wilson's interval; NaN (0 to 1) if n is 0."""
    if not len(hits):
        return Estimate(np.nan, 0.0, 1.0)
    return Estimate(float(hits.mean()), *share_interval(hits, patients))


def class_figures(
    labels: Labels,
    probabilities: Probabilities,
    classes: tuple[str, ...],
    patients: Labels | None = None,
) -> dict[str, dict[str, Estimate]]:
    """Return recall, specificity, precision, F1 and ROC-AUC (one versus rest) of each class.

    Parameters
    ----------
    labels
        (n,) true class indices.
    probabilities
        (n, classes).
    """
    said = probabilities.argmax(axis=1)
    own = _each_alone(labels) if patients is None else patients
    figures = {}
    for index, name in enumerate(classes):
        is_it, said_it = labels == index, said == index
        either = is_it | said_it
        figures[name] = {
            "recall": proportion(said_it[is_it], own[is_it]),
            "specificity": proportion(~said_it[~is_it], own[~is_it]),
            "precision": proportion(is_it[said_it], own[said_it]),
            "f1": _f1((is_it & said_it)[either], own[either]),
            "auc": area(is_it, probabilities[:, index], own),
        }
    return figures


def summary_figures(
    labels: Labels,
    probabilities: Probabilities,
    areas: list[Estimate],
    patients: Labels | None = None,
) -> dict[str, Estimate]:
    """Return accuracy, the mean ROC-AUC of the classes, and figures weighted by class size.

    Weighted recall equals the accuracy.

    Parameters
    ----------
    areas
        The ROC-AUC of each class, from :func:`class_figures`.
    """
    said, count = probabilities.argmax(axis=1), probabilities.shape[1]
    means = weighted_figures(labels, said, count, patients)
    return {
        "accuracy": means["recall"],
        "weighted_precision": means["precision"],
        "weighted_recall": means["recall"],
        "weighted_specificity": means["specificity"],
        "weighted_f1": means["f1"],
        "mean_auc": mean_area(labels, probabilities, areas, patients),
    }


def weighted_figures(
    labels: Labels, said: Labels, count: int, patients: Labels | None = None
) -> dict[str, Estimate]:
    """Return precision, recall, specificity and F1, each weighted by class size.

    The specificity is not defined (NaN) if all scans are of one class.

    Parameters
    ----------
    labels, said
        (n,) true class indices and verdicts, n at least 1.
    count
        Number of classes.
    """
    own = _each_alone(labels) if patients is None else patients
    used, where = np.unique(labels * count + said, return_inverse=True)
    cells = np.bincount(labels * count + said, minlength=count**2).astype(np.float64)
    found = _weighted(cells.reshape(count, count))
    # A scan's contribution is the derivative of the figure by the number of scans in its cell.
    slopes: dict[str, list[float]] = {name: [] for name in found}
    for cell in used:
        more = cells.copy()
        more[cell] += _STEP
        for name, value in _weighted(more.reshape(count, count)).items():
            slopes[name].append((value - found[name]) / _STEP)
    figures = {
        name: Estimate(value, *_interval(value, np.array(slopes[name])[where], own))
        for name, value in found.items()
    }
    return figures | {"recall": proportion(labels == said, own)}


def _interval(value: float, parts: NDArray[np.float64], patients: Labels) -> tuple[float, float]:
    """Return Wilson's interval of a figure whose variance is the sum of the squares of the parts."""
    if np.isnan(value):
        return 0.0, 1.0
    if not _TINY < value < 1 - _TINY:
        worth = least_number(patients)
        return wilson_interval(round(value) * worth, worth)
    worth = value * (1 - value) / float((parts**2).sum()) * effective_share(parts, patients)
    return wilson_interval(value * worth, worth)


def _weighted(cells: NDArray[np.float64]) -> dict[str, float]:
    """Return the weighted figures of a confusion matrix, (classes, classes), with true classes as rows."""
    right = np.diagonal(cells)
    true, said = cells.sum(axis=1), cells.sum(axis=0)
    others = true.sum() - true
    by_class = {
        "precision": right / np.where(said > 0, said, 1),
        # Not defined if all scans are of one class.
        "specificity": (others - (said - right)) / np.where(others > 0, others, np.nan),
        "f1": 2 * right / np.where(true + said > 0, true + said, 1),
    }
    return {name: float((of * true).sum() / true.sum()) for name, of in by_class.items()}


def _f1(both: NDArray[np.bool_], patients: Labels) -> Estimate:
    """Return the F1 of a class with its interval.

    F1 = 2 J / (1 + J) for the Jaccard index J, which maps Wilson's interval of J to that of F1.

    Parameters
    ----------
    both
        (n,) for the scans that are of the class or were classified as it: whether both hold.
    """
    share = proportion(both, patients)
    return Estimate(*(2 * one / (1 + one) for one in (share.value, share.low, share.high)))


def calibration_figure(
    probabilities: Probabilities, labels: Labels, patients: Labels | None = None
) -> Estimate:
    """Return the expected calibration error with its bootstrap interval.

    The error cannot be negative, so resampling increases it; an interval that lies above the error
    is extended down to it. With few scans both are too large
    (``python -m benchmarks.interval_coverage``).
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    found = bootstrap(
        len(labels), lambda chosen: calibration_gap(confidence[chosen], right[chosen]), patients
    )
    return Estimate(found.value, min(found.low, found.value), max(found.high, found.value))


def tumour_figures(
    labels: Labels,
    probabilities: Probabilities,
    healthy_index: int | None,
    patients: Labels | None = None,
) -> dict[str, Estimate]:
    """Return how well tumours are distinguished from healthy scans; empty without a healthy class.

    A figure is NaN if the scans that it needs are missing. Sensitivity and specificity are those of
    the verdict; ``sensitivity_at_95`` is the share of tumours above the lowest tumour probability
    that 95 % or more of the healthy scans do not exceed. Its interval resamples healthy scans and
    tumours together, since other healthy scans would give another threshold, and is no narrower
    than the interval for a known threshold, which is the wider one if hardly any tumour is missed.
    With healthy scans of fewer than 30 patients the variation of the threshold cannot be estimated,
    as it is the highest of their probabilities or nearly so: then there is no interval.
    """
    if healthy_index is None:
        return {}
    has_tumour = labels != healthy_index
    # 1 - p would be exactly 1 for every p below 1e-16, and the surest scans would have no order.
    tumour = -probabilities[:, healthy_index]
    said_tumour = probabilities.argmax(axis=1) != healthy_index

    def found_at_specificity(chosen: Labels) -> NDArray[np.bool_]:
        score, is_tumour = tumour[chosen], has_tumour[chosen]
        # The threshold is one of the scores, so that at least 95 % of healthy scans do not exceed it.
        threshold = float(np.quantile(score[~is_tumour], _AT_SPECIFICITY, method="inverted_cdf"))
        return np.asarray(score[is_tumour] > threshold)

    def at_specificity(chosen: Labels) -> float:
        if has_tumour[chosen].all() or not has_tumour[chosen].any():
            return float("nan")
        return float(found_at_specificity(chosen).mean())

    own = _each_alone(labels) if patients is None else patients
    at_95 = Estimate(np.nan, 0.0, 1.0)
    if has_tumour.any() and not has_tumour.all():
        found = proportion(found_at_specificity(_each_alone(labels)), own[has_tumour])
        if len(np.unique(own[~has_tumour])) < _FEWEST_HEALTHY:
            at_95 = Estimate(found.value, np.nan, np.nan)
        else:
            at_95 = _wider(bootstrap(len(labels), at_specificity, own), found)
    return {
        "sensitivity": proportion(said_tumour[has_tumour], own[has_tumour]),
        "specificity": proportion(~said_tumour[~has_tumour], own[~has_tumour]),
        "sensitivity_at_95": at_95,
        "auc": area(has_tumour, tumour, own),
    }


def _wider(one: Estimate, other: Estimate) -> Estimate:
    """Return the first estimate with the union of both intervals; a NaN bound is ignored."""
    low, high = np.fmin(one.low, other.low), np.fmax(one.high, other.high)
    return Estimate(one.value, float(low), float(high))


def bootstrap(
    count: int, figure: Callable[[Labels], float], patients: Labels | None = None
) -> Estimate:
    """Return a figure of all scans with its bootstrap interval, from a fixed seed.

    Whole patients are resampled; as they may be few, the percentiles are widened by Student's
    distribution (Hesterberg 2015).

    Parameters
    ----------
    count
        Number of scans.
    figure
        Computes the figure from indices of scans; NaN if it is not defined for them.
    """
    generator = np.random.default_rng(0)
    own = np.arange(count) if patients is None else patients
    order = np.argsort(own, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(own[order])) + 1)
    tail = _TAIL
    if len(members) == count:
        draws = (generator.integers(0, count, count) for _ in range(_RESAMPLES))
    else:
        whole = (generator.integers(0, len(members), len(members)) for _ in range(_RESAMPLES))
        draws = (np.concatenate([members[index] for index in chosen]) for chosen in whole)
        tail = _tail_of(len(members))
    drawn = np.array([figure(chosen) for chosen in draws])
    return Estimate(figure(np.arange(count)), *_spread(drawn, tail))


def _tail_of(count: int) -> float:
    """Return the share of resamples beyond each bound for a number of patients; 0 for one patient."""
    from scipy.stats import norm, t

    if count == 1:
        return 0.0
    return float(norm.cdf(t.ppf(_TAIL, count - 1) * (count / (count - 1)) ** 0.5))


def _spread(drawn: NDArray[np.float64], tail: float) -> tuple[float, float]:
    """Return the interval of the resamples' figures that leaves out a share ``tail`` on either side."""
    defined = drawn[np.isfinite(drawn)]
    if not len(defined):
        return 0.0, 1.0
    if np.ptp(defined) < _TINY:  # without errors to resample there is no spread, but no certainty
        return float("nan"), float("nan")
    low, high = np.quantile(defined, (tail, 1 - tail))
    return float(low), float(high)


def _each_alone(labels: Labels) -> Labels:
    return np.arange(len(labels), dtype=np.int64)

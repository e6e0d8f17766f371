"""The figures of a test, each with its 95 % confidence interval.

Proportions (accuracy, recall, specificity, precision) have Wilson's interval (1927). F1 is a
function of the share of right scans among those that are of the class or were called so, and
has that share's. An area under the ROC curve has Newcombe's score interval (2006), which is
not empty where the area is 1, and a mean of areas one that is made of these. Figures weighted by
class size have Wilson's, of as many scans as a proportion of the same variance has. Where several
scans are of one patient, all of these are of their effective number
(:mod:`training.evaluating.effective_number`). The calibration error and the sensitivity at a
specificity, whose threshold is of the same scans, have the percentile interval of a seeded
bootstrap over patients (Rutter 2000; of scans where each is on its own: Efron and Tibshirani 1993).

``patients`` is everywhere (n,) a number for each scan, one for those of one patient; None where
every scan is on its own.
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
# Where fewer set the threshold, an interval at that specificity would hold the truth too seldom.
_FEWEST_HEALTHY = 30
_STEP = 1e-4  # of a scan

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]


def proportion(hits: NDArray[np.bool_], patients: Labels | None = None) -> Estimate:
    """Return the share of true values, (n,), with Wilson's interval; of none, NaN, from 0 to 1."""
    if not len(hits):
        return Estimate(np.nan, 0.0, 1.0)
    return Estimate(float(hits.mean()), *share_interval(hits, patients))


def class_figures(
    labels: Labels,
    probabilities: Probabilities,
    classes: tuple[str, ...],
    patients: Labels | None = None,
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

    Weighted recall is the accuracy: each is the share of all scans that are named rightly.

    Parameters
    ----------
    areas
        Of each class, as :func:`class_figures` returns them.
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
    """Return precision, recall, specificity and F1, each weighted by the classes' scans.

    The specificity of scans that are all of one class is not defined (NaN).

    Parameters
    ----------
    labels, said
        (n,) true class indices and verdicts, n at least 1.
    count
        Of classes.
    """
    own = _each_alone(labels) if patients is None else patients
    used, where = np.unique(labels * count + said, return_inverse=True)
    cells = np.bincount(labels * count + said, minlength=count**2).astype(np.float64)
    found = _weighted(cells.reshape(count, count))
    # What a scan adds: the slope of the figure in the number of scans of its cell.
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
    """Return Wilson's interval of a proportion whose variance is the sum of the parts' squares."""
    if np.isnan(value):
        return 0.0, 1.0
    if not _TINY < value < 1 - _TINY:
        worth = least_number(patients)
        return wilson_interval(round(value) * worth, worth)
    worth = value * (1 - value) / float((parts**2).sum()) * effective_share(parts, patients)
    return wilson_interval(value * worth, worth)


def _weighted(cells: NDArray[np.float64]) -> dict[str, float]:
    """Return weighted figures of a confusion matrix, (classes, classes), a row a true class."""
    right = np.diagonal(cells)
    true, said = cells.sum(axis=1), cells.sum(axis=0)
    others = true.sum() - true
    by_class = {
        "precision": right / np.where(said > 0, said, 1),
        # Of scans that are all of one class there is no specificity.
        "specificity": (others - (said - right)) / np.where(others > 0, others, np.nan),
        "f1": 2 * right / np.where(true + said > 0, true + said, 1),
    }
    return {name: float((of * true).sum() / true.sum()) for name, of in by_class.items()}


def _f1(both: NDArray[np.bool_], patients: Labels) -> Estimate:
    """Return an F1 of the scans that are of a class or were called so, (n,) whether they are both.

    F1 = 2 J / (1 + J) for the share J of those that are both: Wilson's interval of J becomes
    that of F1.
    """
    share = proportion(both, patients)
    return Estimate(*(2 * one / (1 + one) for one in (share.value, share.low, share.high)))


def calibration_figure(
    probabilities: Probabilities, labels: Labels, patients: Labels | None = None
) -> Estimate:
    """Return the expected calibration error with its bootstrap interval.

    Resampling adds to an error that cannot be negative; where the interval lies above the
    error itself, it is drawn down to it. Few scans make both too large
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
    """Return how well any tumour is told from none; empty where the model knows no healthy class.

    What needs scans that there are not is not defined (NaN). Sensitivity and specificity are those
    of the verdict; ``sensitivity_at_95`` is the share of tumours above the least tumour probability
    that 95 % or more of the healthy scans do not exceed. Its interval is of healthy scans and
    tumours drawn together, since other healthy scans would have given another threshold; it is no narrower than if that threshold were known, which
    tells more where hardly a tumour is missed. Healthy scans of fewer than 30 patients cannot tell
    how far another's threshold would lie, as the one that 95 % need is the highest of them or
    nearly so: then it has none.
    """
    if healthy_index is None:
        return {}
    has_tumour = labels != healthy_index
    tumour = 1 - probabilities[:, healthy_index]
    said_tumour = probabilities.argmax(axis=1) != healthy_index

    def found_at_specificity(chosen: Labels) -> NDArray[np.bool_]:
        score, is_tumour = tumour[chosen], has_tumour[chosen]
        # One of the scores, so that no fewer of the healthy are at or below it than is said.
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
    """Return a figure with what two intervals of it hold together; NaN is no bound."""
    low, high = np.fmin(one.low, other.low), np.fmax(one.high, other.high)
    return Estimate(one.value, float(low), float(high))


def bootstrap(
    count: int, figure: Callable[[Labels], float], patients: Labels | None = None
) -> Estimate:
    """Return a figure of all scans with its bootstrap interval, the same each time.

    Patients are drawn whole; as these may be few, the percentiles lie as far out as Student's
    distribution asks (Hesterberg 2015).

    Parameters
    ----------
    count
        How many scans there are.
    figure
        Computes it for a choice of scans; NaN where the choice does not define it.
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
    """Return the share of resamples beyond each bound where so few are drawn; of one, none."""
    from scipy.stats import norm, t

    if count == 1:
        return 0.0
    return float(norm.cdf(t.ppf(_TAIL, count - 1) * (count / (count - 1)) ** 0.5))


def _spread(drawn: NDArray[np.float64], tail: float) -> tuple[float, float]:
    """Return the interval that holds all resamples' figures but this share on either side."""
    defined = drawn[np.isfinite(drawn)]
    if not len(defined):
        return 0.0, 1.0
    if np.ptp(defined) < _TINY:  # no scan in error is left to resample: that is not certainty
        return float("nan"), float("nan")
    low, high = np.quantile(defined, (tail, 1 - tail))
    return float(low), float(high)


def _each_alone(labels: Labels) -> Labels:
    return np.arange(len(labels), dtype=np.int64)

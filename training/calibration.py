"""Temperature scaling (Guo et al. 2017), class biases, and the expected calibration error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.softmax import softmax

BINS = 15
_DRAWINGS = 400
_SMALLEST = 1e-12  # lower bound of probabilities, so that their logarithm is finite
# Standard deviation of the priors of the logarithm of the temperature and of the class biases: they are
# known within a factor of about e.
_SPREAD = 1.0


def logits_of(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Return (n, classes) logits, up to a constant per row, from calibrated probabilities."""
    return np.log(np.maximum(np.asarray(probabilities, np.float64), _SMALLEST)) * temperature


def negative_log_likelihood(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
) -> float:
    """Return the (weighted) mean loss of (n, classes) probabilities and (n,) labels."""
    true = np.asarray(probabilities, np.float64)[np.arange(len(labels)), labels]
    return float(np.average(-np.log(np.maximum(true, _SMALLEST)), weights=weights))


def fit_temperature(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
    expected: float = 1.0,
) -> float:
    """Return the maximum a posteriori temperature, 0.05 to 20, under a weak prior.

    Without a misclassified scan, the likelihood alone increases indefinitely as the temperature falls,
    and a few easy scans would make every verdict certain. Therefore the logarithm of the temperature
    has a normal prior around that of the expected temperature, with a standard deviation of 1. The
    prior weighs about as much as two ambiguous scans: with hundreds of scans, errors among them, it
    changes the temperature by less than 1 %.

    Parameters
    ----------
    logits
        (n, classes) of validation scans, n at least 1.
    labels
        (n,) true class indices.
    weights
        (n,) weights of the scans; None for equal weights. Unequal weights carry as much information
        as fewer scans of equal weight (Kish 1965).
    expected
        Mode of the prior: 1 for a network that was trained by cross-entropy.
    """
    from scipy.optimize import minimize_scalar

    effective = _count_of_equals(labels, weights)

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits, float(np.exp(log_temperature)))
        off = (log_temperature - np.log(expected)) / _SPREAD
        return negative_log_likelihood(probabilities, labels, weights) + float(
            off**2 / (2 * effective)
        )

    result = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return float(np.exp(result.x))


def fit_class_biases(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
    candidates: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return the biases to add to the logits of each class before they are scaled; (classes,).

    Balanced sampling, class weights and moved tumours teach a network other class frequencies than
    those of the scans that it will read. Biases correct for this; they are fitted together with a
    temperature (bias-corrected temperature scaling, Alexandari et al. 2020). Like the temperature,
    each bias (of logits divided by the temperature) has a prior: normal around 0 with a standard
    deviation of 1. The biases sum to 0, and that of a class without scans is 0.

    Parameters
    ----------
    logits, labels, weights
        As in :func:`fit_temperature`.
    candidates
        (n, classes) the classes that compete for each scan, its own among them; None for all classes
        that have scans. Scans of a source that lacks a class do not inform that class's bias: the
        network cannot know that the source lacks it.
    """
    from scipy.optimize import minimize

    effective = _count_of_equals(labels, weights)
    count = logits.shape[1]
    if candidates is None:
        there = np.isin(np.arange(count), labels)
        candidates = np.broadcast_to(there, (len(labels), count))

    def loss(values: NDArray[np.float64]) -> float:
        scaled = logits / np.exp(values[0]) + values[1:]
        probabilities = softmax(np.where(candidates, scaled, -np.inf))
        believed = float(((values / _SPREAD) ** 2).sum() / (2 * effective))
        return negative_log_likelihood(probabilities, labels, weights) + believed

    bounds = [(np.log(0.05), np.log(20.0)), *[(-10.0, 10.0)] * count]
    found = minimize(loss, np.zeros(1 + count), bounds=bounds, method="L-BFGS-B").x
    return np.asarray(found[1:] * np.exp(found[0]))


def _count_of_equals(labels: NDArray[np.int64], weights: NDArray[np.floating] | None) -> float:
    """Return the effective sample size of weighted scans (Kish 1965)."""
    counts = np.ones(len(labels)) if weights is None else np.asarray(weights, np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def confidence_bins(confidence: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the bin, 0 to :data:`BINS` - 1, of each confidence; of any shape.

    Bins have equal width and include their upper bound: a confidence of exactly 1 is in the last.
    """
    return np.asarray(np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1))


def calibration_gap(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error (Naeini et al. 2015), 0 to 1.

    It is the gap between confidence and accuracy in each of :data:`BINS` bins, averaged by their
    numbers of scans.

    Parameters
    ----------
    confidence
        (n,) probabilities of the verdicts, n at least 1.
    right
        (n,) whether each verdict is correct.
    """
    gaps = right.astype(np.float64) - confidence
    in_bins = np.bincount(confidence_bins(confidence), weights=gaps, minlength=BINS)
    return float(np.abs(in_bins).sum() / len(confidence))


def calibration_error_by_chance(confidence: NDArray[np.floating]) -> float:
    """Return the calibration error that a perfectly calibrated model would show by chance.

    The expected calibration error is never negative, so it is biased upwards for few scans (Kumar et
    al. 2019; Roelofs et al. 2022). Here verdicts are simulated to be correct with the probability of
    their confidence (consistency resampling, Bröcker and Smith 2007), so that the error is due to
    chance alone.

    Parameters
    ----------
    confidence
        (n,) with n at least 1.

    Returns
    -------
    The mean of many simulations with a fixed seed, 0 to 1.
    """
    generator = np.random.default_rng(0)
    drawn = [
        calibration_gap(confidence, generator.random(len(confidence)) < confidence)
        for _ in range(_DRAWINGS)
    ]
    return float(np.mean(drawn))

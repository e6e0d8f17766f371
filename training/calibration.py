"""Temperature scaling (Guo et al. 2017), class biases beside it, and the calibration error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btgui.engine.softmax import softmax

BINS = 15
_DRAWINGS = 400
_SMALLEST = 1e-12  # a probability whose logarithm is still a number
# Of what is believed before any scan: that the temperature, and how much more often each class is
# meant than it is said, are known within a factor of e or so.
_SPREAD = 1.0


def logits_of(probabilities: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Return (n, classes) logits, up to a constant a row, from calibrated probabilities."""
    return np.log(np.maximum(np.asarray(probabilities, np.float64), _SMALLEST)) * temperature


def negative_log_likelihood(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
) -> float:
    """Return the mean, weighted where asked, over (n, classes) probabilities and (n,) labels."""
    true = np.asarray(probabilities, np.float64)[np.arange(len(labels)), labels]
    return float(np.average(-np.log(np.maximum(true, _SMALLEST)), weights=weights))


def fit_temperature(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
    expected: float = 1.0,
) -> float:
    """Return the likeliest temperature, 0.05 to 20, after the scans and a weak belief before them.

    Without one wrong scan the likelihood alone grows for ever as the temperature falls, and
    a few easy scans would make every verdict certain. So the logarithm of the temperature is
    believed, before any scan, to be normal around that of the expected one, with a standard
    deviation of 1. This weighs about as much as two unclear scans: where hundreds tell, errors
    among them, it moves the temperature by less than 1 %.

    Parameters
    ----------
    logits
        (n, classes) of validation scans, n at least 1.
    labels
        (n,) true class indices.
    weights
        (n,) how much each scan counts; all alike where None. Unequal weights tell as much
        as fewer scans of equal weight would (Kish 1965).
    expected
        The temperature that is likeliest before any scan is seen: 1 for a network that was
        trained by cross-entropy.
    """
    from scipy.optimize import minimize_scalar

    told_by = _count_of_equals(labels, weights)

    def loss(log_temperature: float) -> float:
        probabilities = softmax(logits, float(np.exp(log_temperature)))
        off = (log_temperature - np.log(expected)) / _SPREAD
        return negative_log_likelihood(probabilities, labels, weights) + float(
            off**2 / (2 * told_by)
        )

    result = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded")
    return float(np.exp(result.x))


def fit_class_biases(
    logits: NDArray[np.floating],
    labels: NDArray[np.int64],
    weights: NDArray[np.floating] | None = None,
    candidates: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return what to add to the logits of each class, (classes,), before they are scaled.

    Drawing rare classes more often, weighing classes and moving tumours between scans teach
    a network other shares of the classes than those of the scans it is to read. The likeliest
    biases mend that, fitted together with a temperature (bias-corrected temperature scaling,
    Alexandari et al. 2020). As for the temperature, something is believed before any scan:
    that each bias, beside logits over the temperature, is normal around 0 with a standard
    deviation of 1. They sum to 0, and that of a class of which there is no scan is 0.

    Parameters
    ----------
    logits, labels, weights
        As :func:`fit_temperature` takes them.
    candidates
        (n, classes) which classes a scan is told apart from, its own among them; where None,
        those of which there is a scan. Scans of a source that lacks a class say nothing of it:
        that none of them is of it is not for the network to know.
    """
    from scipy.optimize import minimize

    told_by = _count_of_equals(labels, weights)
    count = logits.shape[1]
    if candidates is None:
        there = np.isin(np.arange(count), labels)
        candidates = np.broadcast_to(there, (len(labels), count))

    def loss(values: NDArray[np.float64]) -> float:
        scaled = logits / np.exp(values[0]) + values[1:]
        probabilities = softmax(np.where(candidates, scaled, -np.inf))
        believed = float(((values / _SPREAD) ** 2).sum() / (2 * told_by))
        return negative_log_likelihood(probabilities, labels, weights) + believed

    bounds = [(np.log(0.05), np.log(20.0)), *[(-10.0, 10.0)] * count]
    found = minimize(loss, np.zeros(1 + count), bounds=bounds, method="L-BFGS-B").x
    return np.asarray(found[1:] * np.exp(found[0]))


def _count_of_equals(labels: NDArray[np.int64], weights: NDArray[np.floating] | None) -> float:
    """Return how many scans of equal weight tell as much as these (Kish 1965)."""
    counts = np.ones(len(labels)) if weights is None else np.asarray(weights, np.float64)
    return float(counts.sum() ** 2 / (counts**2).sum())


def confidence_bins(confidence: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the bin, 0 to :data:`BINS` - 1, of each confidence; of any shape.

    Bins have one width and are open to the left: a confidence of exactly 1 is in the last.
    """
    return np.asarray(np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1))


def calibration_gap(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error (Naeini et al. 2015), 0 to 1.

    It is the mean gap between confidence and accuracy over :data:`BINS` bins.

    Parameters
    ----------
    confidence
        (n,) probabilities of the verdicts, n at least 1.
    right
        (n,) whether each verdict was.
    """
    gaps = right.astype(np.float64) - confidence
    in_bins = np.bincount(confidence_bins(confidence), weights=gaps, minlength=BINS)
    return float(np.abs(in_bins).sum() / len(confidence))


def calibration_error_by_chance(confidence: NDArray[np.floating]) -> float:
    """Return the calibration error that a perfectly calibrated model would show by chance.

    The expected calibration error is never negative, so few scans make it too large
    (Kumar et al. 2019; Roelofs et al. 2022). Here every verdict is right as often as its
    confidence says (the consistency resampling of Bröcker and Smith 2007); what is measured
    then is chance alone.

    Parameters
    ----------
    confidence
        (n,) with n at least 1.

    Returns
    -------
    The mean of many such drawings, 0 to 1, the same each time.
    """
    generator = np.random.default_rng(0)
    drawn = [
        calibration_gap(confidence, generator.random(len(confidence)) < confidence)
        for _ in range(_DRAWINGS)
    ]
    return float(np.mean(drawn))

"""Paired tests of models on the same scans, and confidence intervals of their differences."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.evaluating.effective_number import Z_95, effective_share


@dataclass(frozen=True)
class PairedTest:
    """The paired test of two models on the same scans.

    Attributes
    ----------
    first, second
        Indices of the models in the comparison.
    both_right, only_first, only_second, both_wrong
        Numbers of scans that both models, one of them or neither classified correctly.
    difference, interval
        Accuracy of the first model minus that of the second, -1 to 1, with its 95 % confidence
        interval (Agresti and Min 2005, with the effective number of scans).
    p_value
        Two-sided p-value of :func:`exchange_test`.
    p_adjusted
        The p-value corrected for the number of pairs compared (Holm 1979).
    """

    first: int
    second: int
    both_right: int
    only_first: int
    only_second: int
    both_wrong: int
    difference: float
    interval: tuple[float, float]
    p_value: float
    p_adjusted: float


def paired_tests(
    right: NDArray[np.bool_], patients: NDArray[np.int64] | None = None
) -> list[PairedTest]:
    """Compare the models pair by pair.

    Parameters
    ----------
    right
        (models, scans) whether each model classified each scan correctly; at least one scan.
    patients
        (scans,) the number of each scan's patient; None if every scan is of another patient.
    """
    _, own = np.unique(
        np.arange(right.shape[1]) if patients is None else patients, return_inverse=True
    )
    pairs = list(combinations(range(len(right)), 2))
    p_values, found = [], []
    for first, second in pairs:
        cells = _counts(right[first], right[second])
        gains = right[first].astype(np.int64) - right[second]
        worth = effective_share(gains - gains.mean(), own)
        interval = difference_interval(*(worth * one for one in (cells[1], cells[2], sum(cells))))
        p_values.append(exchange_test(np.bincount(own, weights=gains).astype(np.int64)))
        found.append((first, second, *cells, float(gains.mean()), interval))
    return [
        PairedTest(*one, p_value, p_adjusted)
        for one, p_value, p_adjusted in zip(found, p_values, holm(p_values), strict=True)
    ]


def exchange_test(gains: NDArray[np.int64]) -> float:
    """Return the two-sided exact p-value of a difference; 1 if the models agree on every patient.

    Under the null hypothesis the two models' results on all scans of a patient are exchangeable:
    each patient's gain has either sign with probability one half. The sum of squared gains is the
    variance of Obuchowski's test (1998) for clustered data; with one scan per patient this is
    McNemar's exact test.

    Parameters
    ----------
    gains
        (patients,) the number of a patient's scans that the first model classified correctly, minus
        that of the second.
    """
    from scipy.stats import binom

    sizes, counts = np.unique(np.abs(gains[gains != 0]), return_counts=True)
    chances = np.ones(1)  # probability of each sum of gains
    # The most frequent size first, which costs least: with one scan per patient it is the only one.
    for place in np.argsort(-counts, kind="stable"):
        size, count = int(sizes[place]), int(counts[place])
        # Of the patients with gains of one size, a binomial number falls to the first model.
        falls = binom.pmf(np.arange(count + 1), count, 0.5)
        before, chances = chances, np.zeros(len(chances) + size * count)
        for number in np.flatnonzero(falls):
            chances[number * size :][: len(before)] += falls[number] * before
    differences = 2 * np.arange(len(chances)) - (len(chances) - 1)
    return min(1.0, float(chances[np.abs(differences) >= abs(gains.sum())].sum()))


def difference_interval(only_first: float, only_second: float, count: float) -> tuple[float, float]:
    """Return the 95 % interval of a difference of paired proportions (Agresti and Min 2005).

    It is Wald's interval after adding half a scan to each of the four cells.
    """
    n, b, c = count + 2, only_first + 0.5, only_second + 0.5
    centre = (b - c) / n
    half = Z_95 * float(np.sqrt(b + c - (b - c) ** 2 / n)) / n
    return max(-1.0, centre - half), min(1.0, centre + half)


def holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for their number by Holm's step-down method (1979), in the same order."""
    adjusted, largest = [0.0] * len(p_values), 0.0
    ascending = sorted(range(len(p_values)), key=p_values.__getitem__)
    for rank, index in enumerate(ascending):
        largest = max(largest, (len(p_values) - rank) * p_values[index])
        adjusted[index] = min(1.0, largest)
    return adjusted


def _counts(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    return (
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((~first & second).sum()),
        int((~first & ~second).sum()),
    )

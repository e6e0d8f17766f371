"""Intervals of differences, and which of two models is better on the same scans."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.evaluating.evaluation import Z_95


@dataclass(frozen=True)
class PairedTest:
    """Two models on the same scans.

    Attributes
    ----------
    first, second
        The models' places in the comparison.
    both_right, only_first, only_second, both_wrong
        Numbers of scans.
    difference, interval
        Accuracy of the first less that of the second, -1 to 1, with its 95 %
        confidence interval (Agresti and Min 2005).
    p_value
        McNemar's exact test, two-sided: how often models that err equally often would
        differ at least so much.
    p_adjusted
        The same, corrected for the number of pairs compared (Holm 1979).
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


def paired_tests(right: NDArray[np.bool_]) -> list[PairedTest]:
    """Compare each two models.

    Parameters
    ----------
    right
        (models, scans) whether a model named a scan rightly; at least one scan.
    """
    pairs = list(combinations(range(len(right)), 2))
    counts = [_counts(right[first], right[second]) for first, second in pairs]
    p_values = [mcnemar_exact(only_first, only_second) for _, only_first, only_second, _ in counts]
    return [
        PairedTest(
            first,
            second,
            *cells,
            (cells[1] - cells[2]) / sum(cells),
            difference_interval(cells[1], cells[2], sum(cells)),
            p_value,
            p_adjusted,
        )
        for (first, second), cells, p_value, p_adjusted in zip(
            pairs, counts, p_values, holm(p_values), strict=True
        )
    ]


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Return the two-sided exact p-value of McNemar's test; 1 where no scan tells them apart.

    Of the scans that one model alone gets right, each falls to either with probability
    one half where the models err equally often.
    """
    from scipy.stats import binomtest

    telling = only_first + only_second
    return float(binomtest(only_first, telling, 0.5).pvalue) if telling else 1.0


def difference_interval(only_first: int, only_second: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a difference of paired proportions (Agresti and Min 2005).

    Wald's interval after half a scan is added to each of the four cells.
    """
    n, b, c = count + 2, only_first + 0.5, only_second + 0.5
    centre = (b - c) / n
    half = Z_95 * float(np.sqrt(b + c - (b - c) ** 2 / n)) / n
    return max(-1.0, centre - half), min(1.0, centre + half)


def holm(p_values: list[float]) -> list[float]:
    """Adjust p-values for how many there are (Holm's step-down method, 1979); same order."""
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

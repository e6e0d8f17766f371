"""The scans that several models misclassify (the published Figure 10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SEVERAL = 2


@dataclass(frozen=True)
class Combination:
    """The number of scans that exactly these models, by their indices, misclassify."""

    models: tuple[int, ...]
    count: int


@dataclass(frozen=True, eq=False)
class SharedErrors:
    """How the errors of models overlap.

    Attributes
    ----------
    matrix
        (models, models) number of scans that both misclassify; each model's errors on the diagonal.
    combinations
        Largest first; scans that every model classifies correctly are in none.
    hardest
        Indices of the scans that two or more models misclassify, most models first, then highest
        confidence first.
    wrong_by_any, wrong_by_all
        Numbers of scans that at least one model, and that all models misclassify.
    """

    matrix: NDArray[np.int64]
    combinations: list[Combination]
    hardest: list[int]
    wrong_by_any: int
    wrong_by_all: int


def find_shared_errors(wrong: NDArray[np.bool_], sure: NDArray[np.float64]) -> SharedErrors:
    """Count the errors that models have in common.

    Parameters
    ----------
    wrong
        (models, scans) whether a model misclassifies a scan.
    sure
        (models, scans) probability of the model's verdict, 0 to 1.
    """
    times = wrong.sum(axis=0)
    confidence = (sure * wrong).sum(axis=0) / np.maximum(times, 1)
    sets = Counter(tuple(int(m) for m in np.flatnonzero(scan)) for scan in wrong.T if scan.any())
    order = sorted(sets.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
    numbers = wrong.astype(np.int64)
    return SharedErrors(
        matrix=numbers @ numbers.T,
        combinations=[Combination(models, count) for models, count in order],
        hardest=[int(i) for i in np.lexsort((-confidence, -times)) if times[i] >= _SEVERAL],
        wrong_by_any=int((times > 0).sum()),
        wrong_by_all=int((times == len(wrong)).sum()),
    )

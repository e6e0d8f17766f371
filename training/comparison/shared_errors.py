"""Which scans several models get wrong (the published Figure 10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SEVERAL = 2


@dataclass(frozen=True)
class Combination:
    """The scans that exactly these models (their places) get wrong, and no other."""

    models: tuple[int, ...]
    count: int


@dataclass(frozen=True, eq=False)
class SharedErrors:
    """How the errors of models overlap.

    Attributes
    ----------
    matrix
        (models, models) scans that both get wrong; the diagonal holds each model's errors.
    combinations
        Largest first; scans that every model gets right are in none.
    hardest
        Indices of the scans that two or more models get wrong, most models first, and
        among those of as many the ones that are wrong with the most confidence.
    wrong_by_any, wrong_by_all
        Numbers of scans.
    """

    matrix: NDArray[np.int64]
    combinations: list[Combination]
    hardest: list[int]
    wrong_by_any: int
    wrong_by_all: int


def find_shared_errors(wrong: NDArray[np.bool_], sure: NDArray[np.float64]) -> SharedErrors:
    """Count errors in common.

    Parameters
    ----------
    wrong
        (models, scans) whether a model names a scan wrongly.
    sure
        (models, scans) probability of the class that it names, 0 to 1.
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

"""Timing ways of doing the same in turn, so that a busy moment strikes them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def alternately(
    ways: Mapping[str, Callable[[], object]], *, seconds: float, fewest: int = 5
) -> dict[str, float]:
    """Return each way's median milliseconds; all are run in turn within one process.

    Parameters
    ----------
    seconds
        Go round for about so long, and at least ``fewest`` times, after a round that
        does not count.
    """
    for work in ways.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < fewest or time.perf_counter() < end:
        for name, work in ways.items():
            taken[name].append(milliseconds(work))
        rounds += 1
    return {name: statistics.median(values) for name, values in taken.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """Return what one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000

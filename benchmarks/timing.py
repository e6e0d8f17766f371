"""Alternating timing of several functions, so that other load affects them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def alternately(
    ways: Mapping[str, Callable[[], object]], *, seconds: float, fewest: int = 5
) -> dict[str, float]:
    """Return each function's median milliseconds; the functions run alternately in this process.

    Parameters
    ----------
    seconds
        Approximate duration, after a first round that does not count.
    fewest
        Smallest number of rounds.
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
    """Return the duration of one call in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000

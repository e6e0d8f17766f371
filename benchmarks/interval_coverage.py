"""Measures how often intervals by patient hold the truth, on tests that are drawn.

Usage: python -m benchmarks.interval_coverage [--draws N]

Patients differ in how often the model is right on their slices (a beta distribution with this
intraclass correlation). Prints for shares how often the interval by patient and Wilson's of scans
hold the truth, and the same for areas under ROC curves, where patients are of one kind each.
"""

from __future__ import annotations

import argparse
from itertools import product
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from training.evaluating.areas import area
from training.evaluating.evaluation import share_interval

_PATIENTS = (5, 8, 20, 100)
_SHARES = (0.80, 0.90, 0.98)
_AREAS = (0.80, 0.95)
_CORRELATIONS = (0.0, 0.2, 0.5, 0.8)
_SLICES = {"ten": (10, 10), "one to sixty": (1, 60)}


def main() -> None:
    """Draw, and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400, help="tests drawn for each row")
    draws = parser.parse_args().draws
    generator = np.random.default_rng(1)
    print("| share | patients | slices | correlation | by patient | by scan |")
    print("|---:|---:|---|---:|---:|---:|")
    for share, count, slices, alike in product(_SHARES, _PATIENTS, _SLICES, _CORRELATIONS):
        held = np.zeros(2)
        for _ in range(draws):
            patients = _drawn_patients(generator, count, _SLICES[slices])
            hits = (
                generator.random(len(patients)) < _skills(generator, share, alike, count)[patients]
            )
            for way, of in enumerate((patients, None)):
                low, high = share_interval(hits, of)
                held[way] += low <= share <= high
        told = " | ".join(f"{part:.0%}" for part in held / draws)
        print(f"| {share:.0%} | {count} | {slices} | {alike} | {told} |", flush=True)
    print("\n| area | patients | correlation | by patient | by scan |\n|---:|---:|---:|---:|---:|")
    for truth, count, alike in product(_AREAS, _PATIENTS, (0.0, 0.5)):
        told = " | ".join(
            f"{part:.0%}" for part in _of_areas(generator, truth, count, alike, draws)
        )
        print(f"| {truth:.2f} | {count} | {alike} | {told} |", flush=True)


def _of_areas(
    generator: np.random.Generator, truth: float, count: int, alike: float, draws: int
) -> NDArray[np.float64]:
    """Return how often both intervals of an area hold the truth; scores are normal."""
    apart = NormalDist().inv_cdf(truth) * np.sqrt(2)
    held = np.zeros(2)
    for _ in range(draws):
        patients = _drawn_patients(generator, count, (1, 20))
        is_it = (np.arange(count) % 2 == 0)[patients]
        own = np.sqrt(alike) * generator.standard_normal(count)[patients]
        score = apart * is_it + own + np.sqrt(1 - alike) * generator.standard_normal(len(patients))
        for way, of in enumerate((patients, None)):
            estimate = area(is_it, score, of)
            held[way] += estimate.low <= truth <= estimate.high
    return held / draws


def _drawn_patients(
    generator: np.random.Generator, count: int, slices: tuple[int, int]
) -> NDArray[np.int64]:
    """Return each scan's patient."""
    return np.repeat(np.arange(count), generator.integers(slices[0], slices[1] + 1, count))


def _skills(
    generator: np.random.Generator, share: float, alike: float, count: int
) -> NDArray[np.float64]:
    """Return each patient's share of right scans."""
    if not alike:
        return np.full(count, share)
    strength = (1 - alike) / alike
    return generator.beta(share * strength, (1 - share) * strength, count)


if __name__ == "__main__":
    main()

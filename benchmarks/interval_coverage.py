"""Measure the coverage of confidence intervals by patient, in simulated tests.

Usage: python -m benchmarks.interval_coverage [--draws N]

Patients differ in the model's accuracy on their slices (a beta distribution with the given intraclass
correlation). Prints the coverage of the interval by patient and of Wilson's interval by scan for
shares, and the same for areas under ROC curves, where each patient is of one kind; then the coverage of
the intervals of the tumours detected at 95 % specificity and of a calibration error.
"""

from __future__ import annotations

import argparse
from itertools import product
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from training.evaluating.areas import area
from training.evaluating.evaluation import share_interval
from training.evaluating.figures import calibration_figure, tumour_figures

_PATIENTS = (5, 8, 20, 100)
_SHARES = (0.80, 0.90, 0.98)
_AREAS = (0.80, 0.95)
_CORRELATIONS = (0.0, 0.2, 0.5, 0.8)
_SLICES = {"ten": (10, 10), "one to sixty": (1, 60)}
_OF_ONE = "five, of one 200"
_HEALTHY = {"half": 2, "one": 1_000}  # every second patient, or the first alone
_FOUND, _HEALTHY_SCANS, _TUMOURS = (0.80, 0.97), (30, 50, 100), 200
_GAP, _TESTED = 0.08, (50, 200, 1_000)


def main() -> None:
    """Simulate tests, and print four tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400, help="simulated tests per row")
    draws = parser.parse_args().draws
    generator = np.random.default_rng(1)
    print("| share | patients | slices | correlation | by patient | by scan |")
    print("|---:|---:|---|---:|---:|---:|")
    for share, count, slices, correlation in product(
        _SHARES, _PATIENTS, (*_SLICES, _OF_ONE), _CORRELATIONS
    ):
        held = np.zeros(2)
        for _ in range(draws):
            if slices == _OF_ONE:
                patients = np.repeat(np.arange(count), [200] + [5] * (count - 1))
            else:
                patients = _drawn_patients(generator, count, _SLICES[slices])
            hits = (
                generator.random(len(patients))
                < _skills(generator, share, correlation, count)[patients]
            )
            for way, of in enumerate((patients, None)):
                low, high = share_interval(hits, of)
                held[way] += low <= share <= high
        cells = " | ".join(f"{part:.0%}" for part in held / draws)
        print(f"| {share:.0%} | {count} | {slices} | {correlation} | {cells} |", flush=True)
    print("\n| area | patients | healthy | correlation | by patient | by scan |")
    print("|---:|---:|---|---:|---:|---:|")
    for truth, count, healthy, correlation in product(_AREAS, _PATIENTS, _HEALTHY, (0.0, 0.5)):
        is_healthy = np.arange(count) % _HEALTHY[healthy] == 0
        held = _of_areas(generator, truth, ~is_healthy, correlation, draws)
        cells = " | ".join(f"{part:.0%}" for part in held)
        print(f"| {truth:.2f} | {count} | {healthy} | {correlation} | {cells} |", flush=True)
    print("\n| found at 95 % | healthy scans | by scan |")
    print("|---:|---:|---:|")
    for truth, count in product(_FOUND, _HEALTHY_SCANS):
        print(f"| {truth:.0%} | {count} | {_of_found(truth, count, draws):.0%} |", flush=True)
    print("\n| calibration error | scans | by scan |")
    print("|---:|---:|---:|")
    for count in _TESTED:
        print(f"| {_GAP:.0%} | {count} | {_of_calibration(count, draws):.0%} |", flush=True)


def _of_areas(
    generator: np.random.Generator,
    truth: float,
    is_ill: NDArray[np.bool_],
    correlation: float,
    draws: int,
) -> NDArray[np.float64]:
    """Return the coverage of both intervals of an area; scores are normal.

    ``is_ill`` is (patients,) whether each patient has a tumour.
    """
    apart, count = NormalDist().inv_cdf(truth) * np.sqrt(2), len(is_ill)
    held = np.zeros(2)
    for _ in range(draws):
        patients = _drawn_patients(generator, count, (1, 20))
        is_it = is_ill[patients]
        own = np.sqrt(correlation) * generator.standard_normal(count)[patients]
        score = (
            apart * is_it
            + own
            + np.sqrt(1 - correlation) * generator.standard_normal(len(patients))
        )
        for way, of in enumerate((patients, None)):
            estimate = area(is_it, score, of)
            held[way] += estimate.low <= truth <= estimate.high
    return held / draws


def _of_found(truth: float, healthy: int, draws: int) -> float:
    """Return the coverage of the interval of the tumours detected at 95 %; scores are normal."""
    generator = np.random.default_rng(2)
    normal = NormalDist()
    labels = np.repeat([0, 1], [healthy, _TUMOURS])
    apart = normal.inv_cdf(0.95) + normal.inv_cdf(truth)
    held = 0
    for _ in range(draws):
        tumour = 1 / (1 + np.exp(-apart * labels - generator.standard_normal(len(labels))))
        one = tumour_figures(labels, np.stack([1 - tumour, tumour], 1), 0)["sensitivity_at_95"]
        held += one.low <= truth <= one.high
    return held / draws


def _of_calibration(count: int, draws: int) -> float:
    """Return the coverage of the interval of a calibration error that is equal at every confidence."""
    generator = np.random.default_rng(2)
    held = 0
    for _ in range(draws):
        confidence = generator.uniform(0.6, 1.0, count)
        is_right = generator.random(count) < confidence - _GAP
        one = calibration_figure(np.stack([confidence, 1 - confidence], 1), 1 - is_right)
        held += one.low <= _GAP <= one.high
    return held / draws


def _drawn_patients(
    generator: np.random.Generator, count: int, slices: tuple[int, int]
) -> NDArray[np.int64]:
    """Return each scan's patient; ``slices`` are the smallest and the largest number per patient."""
    return np.repeat(np.arange(count), generator.integers(slices[0], slices[1] + 1, count))


def _skills(
    generator: np.random.Generator, share: float, correlation: float, count: int
) -> NDArray[np.float64]:
    """Return the accuracy on each patient's scans."""
    if not correlation:
        return np.full(count, share)
    strength = (1 - correlation) / correlation
    return generator.beta(share * strength, (1 - share) * strength, count)


if __name__ == "__main__":
    main()

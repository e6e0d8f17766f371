"""Measures what fitting class biases beside the temperature gives, on scans that did not fit them.

Usage: python -m benchmarks.class_biases MODEL… --validation-of RUN

The validation scans of a run whose class is known are parted in five, several times over; each
part is judged by what was fitted to the other four. Prints a table: the mean loss over
collections that count alike, and the accuracy, by temperature alone and with biases.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.model_pack import open_pack
from training.calibration import (
    fit_class_biases,
    fit_temperature,
    logits_of,
    negative_log_likelihood,
    softmax,
)
from training.evaluation import read_all
from training.material import part_of_run

_PARTS = 5
_TIMES = 5
Numbers = NDArray[np.float64]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="+", type=Path, help="of biases that are not corrected yet")
    parser.add_argument("--validation-of", type=Path, required=True, metavar="RUN")
    options = parser.parse_args()
    part = part_of_run(options.validation_of, print)
    print("| model | way | loss | right |\n|---|---|---:|---:|")
    for folder in options.model:
        pack = open_pack(folder)
        readings = read_all(pack, part.scans, print)
        collections = [scan.collection for scan in readings.scans]
        sizes = Counter(collections)
        weights = np.array([1 / sizes[name] for name in collections])
        logits = logits_of(readings.probabilities, pack.card.temperature)
        for way, biased in (("temperature", False), ("and biases", True)):
            loss, right = _judged(logits, readings.labels, weights, biased=biased)
            print(f"| {pack.card.id} | {way} | {loss:.3f} | {right:.1%} |", flush=True)


def _judged(
    logits: Numbers, labels: NDArray[np.int64], weights: Numbers, *, biased: bool
) -> tuple[float, float]:
    """Return the mean loss and accuracy of scans by what was fitted to others."""
    generator = np.random.default_rng(0)
    losses, shares = [], []
    for _ in range(_TIMES):
        probabilities = np.empty_like(logits)
        for judged in np.array_split(generator.permutation(len(labels)), _PARTS):
            fitting = np.setdiff1d(np.arange(len(labels)), judged)
            fitted = logits[fitting], labels[fitting], weights[fitting]
            biases = fit_class_biases(*fitted) if biased else np.zeros(logits.shape[1])
            temperature = fit_temperature(fitted[0] + biases, *fitted[1:])
            probabilities[judged] = softmax(logits[judged] + biases, temperature)
        losses.append(negative_log_likelihood(probabilities, labels, weights))
        shares.append((probabilities.argmax(axis=1) == labels).mean())
    return float(np.mean(losses)), float(np.mean(shares))


if __name__ == "__main__":
    main()

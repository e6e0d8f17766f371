"""Measure the gain from fitting class biases in addition to the temperature, on held-out scans.

Usage: python -m benchmarks.class_biases MODEL… --validation-of RUN

Each validation scan of known class of a run is evaluated with values fitted to other scans: by
repeated random five-fold cross-validation (slices of one head may be on both sides), or to all other
collections. Prints a table with each collection's mean loss, the mean of these, and the accuracy, with
the temperature alone and with biases.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.models.pack import open_pack
from btgui.engine.softmax import softmax
from training.calibration import (
    fit_class_biases,
    fit_temperature,
    logits_of,
    negative_log_likelihood,
)
from training.evaluating.evaluation import Readings, read_all
from training.fitting.material import part_of_run
from training.fitting.validation import all_collections_alike, classes_of_collections

_PARTS = 5
_TIMES = 5
Numbers = NDArray[np.float64]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="+", type=Path, help="model packs without bias correction")
    parser.add_argument("--validation-of", type=Path, required=True, metavar="RUN")
    options = parser.parse_args()
    packs = [open_pack(folder) for folder in options.model]
    for pack in packs:
        if pack.card.training.get("class_biases"):
            raise SystemExit(f"{pack.card.id} has corrected biases already. Name another model.")
    part = part_of_run(options.validation_of, print)
    lines = []
    for pack in packs:
        readings = read_all(pack, part.scans)
        collections = np.array([scan.collection for scan in readings.scans])
        logits = logits_of(readings.probabilities, pack.card.temperature)
        for judged_by, foldings in (
            ("other scans", _at_random(len(collections))),
            ("other collections", [[collections == name for name in np.unique(collections)]]),
        ):
            for way, biased in (("temperature", False), ("and biases", True)):
                cells = _judged(logits, readings, foldings, biased=biased)
                lines.append(f"| {pack.card.id} | {judged_by} | {way} | {cells} |")
    names = " | ".join(np.unique(collections))
    print(f"| model | fitted to | way | {names} | mean loss | accuracy |")
    print(f"|---|---|---|{'---:|' * (len(np.unique(collections)) + 2)}")
    print("\n".join(lines))


def _at_random(count: int) -> list[list[NDArray[np.bool_]]]:
    """Return several random partitions of ``count`` scans into five parts, as boolean arrays."""
    generator = np.random.default_rng(0)
    drawn = (generator.permutation(count) % _PARTS for _ in range(_TIMES))
    return [[numbers == part for part in range(_PARTS)] for numbers in drawn]


def _judged(
    logits: Numbers, readings: Readings, foldings: list[list[NDArray[np.bool_]]], *, biased: bool
) -> str:
    """Return the losses and the accuracy as table cells, each part evaluated with a fit to the rest."""
    scans, labels = np.array(readings.scans, object), readings.labels
    collections = np.array([scan.collection for scan in readings.scans])
    losses, shares = [], []
    for parts in foldings:
        probabilities = np.empty_like(logits)
        for judged in parts:
            some = scans[~judged].tolist()
            fitted = logits[~judged], labels[~judged]
            weights = all_collections_alike(some)
            candidates = classes_of_collections(some, fitted[1], logits.shape[1])
            biases = fit_class_biases(*fitted, weights, candidates) if biased else 0.0
            temperature = fit_temperature(fitted[0] + biases, fitted[1], weights)
            probabilities[judged] = softmax(logits[judged] + biases, temperature)
        losses.append(
            [
                negative_log_likelihood(probabilities[of_it], labels[of_it])
                for of_it in (collections == name for name in np.unique(collections))
            ]
        )
        shares.append((probabilities.argmax(axis=1) == labels).mean())
    means = np.mean(losses, axis=0)
    cells = [*(f"{loss:.3f}" for loss in means), f"{means.mean():.3f}"]
    return " | ".join([*cells, f"{np.mean(shares):.1%}"])


if __name__ == "__main__":
    main()

"""Measure the gain from test-time augmentation: averaging the logits of several views of each scan.

Usage: python -m benchmarks.several_views MODEL --validation-of RUN

Measured on the validation scans of known class of a run: the loss at the best temperature and the
accuracy, for the scan alone, for each view alone, and for the scan together with its views.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmenting.batches import possible_classes

Matrix = NDArray[np.float64]
_BATCH = 32


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="folder of a model pack")
    parser.add_argument("--validation-of", type=Path, required=True, metavar="RUN")
    options = parser.parse_args()
    logits, labels = _logits_by_view(options.model, options.validation_of)
    together = {"scan and mirror": ("scan", "mirror")}
    for what in ("zoom", "turn", "width"):
        names = [name for name in logits if name.startswith(what)]
        together[f"scan and {what}s"] = ("scan", *names)
    together["all"] = tuple(logits)
    means = {name: sum(logits[one] for one in ones) / len(ones) for name, ones in together.items()}
    print("| views | loss | accuracy |\n|---|---:|---:|")
    for name, values in (logits | means).items():
        loss, accuracy = _figures(values, labels)
        print(f"| {name} | {loss:.3f} | {accuracy:.1%} |")
    return 0


def views(side: int) -> dict[str, Matrix]:
    """Return the affine transforms by name; each (2, 3), about the centre of a square image."""
    middle = (side - 1) / 2

    def about_middle(across: float, down: float, degrees: float = 0.0) -> Matrix:
        turn = np.asarray(cv2.getRotationMatrix2D((middle, middle), degrees, 1.0), np.float64)
        scale = np.array(
            [[across, 0, middle * (1 - across)], [0, down, middle * (1 - down)], [0, 0, 1]]
        )
        return np.asarray(turn @ scale, np.float64)

    return {
        "scan": about_middle(1, 1),
        "mirror": about_middle(-1, 1),
        "zoom 0.9": about_middle(0.9, 0.9),
        "zoom 1.1": about_middle(1.1, 1.1),
        "turn -8": about_middle(1, 1, -8),
        "turn 8": about_middle(1, 1, 8),
        "width 0.9": about_middle(0.9, 1),
        "width 1.1": about_middle(1.1, 1),
    }


def _logits_by_view(model: Path, run: Path) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    import keras

    from btgui.engine.models.pack import open_pack
    from btgui.engine.preprocessing import colour, resize_to_input, scale_pixels
    from training.average import load_network
    from training.fitting.material import gather, request_of, split

    request = request_of(run)
    material = split(request, gather(request), run, print)
    request = material.request
    scans = material.preprocessed(material.splits.validation, print)
    network = load_network(open_pack(model), request, len(material.classes))
    to_logits = keras.Model(network.input, network.get_layer("logits").output)
    possible = possible_classes(scans.scans, material.classes)
    known = np.flatnonzero(possible.sum(axis=1) == 1)

    def seen(index: int, matrix: Matrix) -> NDArray[np.float32]:
        grey = scans.grey[index]
        changed = cv2.warpAffine(grey, matrix, grey.shape[::-1], flags=cv2.INTER_LINEAR)
        rgb = resize_to_input(
            colour(np.asarray(changed, np.uint8), request.preprocessing), request.preprocessing
        )
        return scale_pixels(rgb, request.preprocessing.pixel_scaling)

    found = {}
    for name, matrix in views(scans.grey[0].shape[0]).items():
        parts = [known[start : start + _BATCH] for start in range(0, len(known), _BATCH)]
        batches = (np.stack([seen(int(i), matrix) for i in part]) for part in parts)
        found[name] = np.concatenate([to_logits.predict_on_batch(batch) for batch in batches])
    return found, possible[known].argmax(axis=1)


def _figures(logits: NDArray[Any], labels: NDArray[np.int64]) -> tuple[float, float]:
    from btgui.engine.softmax import softmax
    from training.calibration import fit_temperature, negative_log_likelihood

    probabilities = softmax(logits, fit_temperature(logits, labels))
    accuracy = float((logits.argmax(axis=1) == labels).mean())
    return negative_log_likelihood(probabilities, labels), accuracy


if __name__ == "__main__":
    sys.exit(main())

"""Measure the speed-up of a training step by fused batch normalisation.

Usage: python -m benchmarks.training_step [--architecture mobilenetv2] [--frozen 0] [--seconds 60]

Trains a network with random weights on one random batch, as built by Keras and with fused batch
normalisation, alternately in one process. Prints one JSON object; the ratio is what counts. Set
KERAS_BACKEND for another back end.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.timing import alternately
from btgui.engine.training_request import RECOMMENDED
from training.fitting.probe import compiled_model, random_batch
from training.fitting.steps import training_step
from training.networks.architectures import ARCHITECTURES

_CLASSES = 4


def main() -> None:
    """Measure and print the figures."""
    import keras

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", default="mobilenetv2", choices=ARCHITECTURES)
    parser.add_argument("--frozen", type=int, default=0, help="number of frozen stages (default 0)")
    parser.add_argument("--batch", type=int, default=RECOMMENDED.batch_size)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    recipe = replace(RECOMMENDED, frozen_stages=options.frozen)
    ways = {
        name: _step(
            compiled_model(options.architecture, recipe, _CLASSES, fused=fused), options.batch
        )
        for name, fused in (("keras", False), ("one_operation", True))
    }
    taken = alternately(ways, seconds=options.seconds)
    report = {
        "back_end": keras.backend.backend(),
        "architecture": options.architecture,
        "frozen_stages": options.frozen,
        "milliseconds_a_step": {name: round(value) for name, value in taken.items()},
        "times_faster": round(taken["keras"] / taken["one_operation"], 2),
    }
    print(json.dumps(report, indent=1))


def _step(model: Any, count: int) -> Callable[[], Any]:  # noqa: ANN401  (a Keras model)
    """Return a function that trains a model on a random batch of ``count`` scans."""
    step, batch = training_step(model), random_batch(model, count)
    return lambda: step(batch)


if __name__ == "__main__":
    main()

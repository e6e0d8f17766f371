"""How much faster a training step is with batch normalisation in one operation.

Usage: python -m benchmarks.training_step [--architecture mobilenetv2] [--frozen 0] [--seconds 60]

Trains a network with random weights on one drawn batch: as built by Keras and as the training
builds it, by turns in one process. Prints one JSON object; the ratio is what counts. Set
KERAS_BACKEND for another back end.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.timing import alternately
from btgui.engine.training_request import RECOMMENDED
from training.fitting.mask_loss import training_network
from training.fitting.network_fit import compile_model
from training.fitting.steps import Batch, training_step
from training.networks.architectures import (
    ARCHITECTURES,
    architecture,
    build_network,
    freeze_stages,
)
from training.networks.fused_normalization import with_fused_normalization

_CLASSES = 4


def main() -> None:
    """Measure and print."""
    import keras

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", default="mobilenetv2", choices=ARCHITECTURES)
    parser.add_argument("--frozen", type=int, default=0, help="stages that are not trained")
    parser.add_argument("--batch", type=int, default=RECOMMENDED.batch_size)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    ways = {
        "keras": _step(options, lambda network: network),
        "one_operation": _step(options, with_fused_normalization),
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


def _step(options: argparse.Namespace, prepared: Callable[[Any], Any]) -> Callable[[], Any]:
    """Return what trains a network, prepared in a way, on a batch."""
    name = options.architecture
    network = prepared(build_network(name, _CLASSES, weights="none", dropout=RECOMMENDED.dropout))
    freeze_stages(network, name, options.frozen)
    model = training_network(network)
    compile_model(model, RECOMMENDED, steps_an_epoch=100)
    step = training_step(model)
    batch = _drawn_batch(
        options.batch, architecture(name).input_side, model.output["activation"].shape[1]
    )
    return lambda: step(batch)


def _drawn_batch(count: int, side: int, grid: int) -> Batch:
    generator = np.random.default_rng(0)
    labels = np.eye(_CLASSES, dtype=np.float32)[generator.integers(0, _CLASSES, count)]
    weights = np.ones(count, np.float32)
    return (
        generator.uniform(-1, 1, (count, side, side, 3)).astype(np.float32),
        {"logits": labels, "activation": np.zeros((count, grid, grid, _CLASSES), np.float32)},
        {"logits": weights, "activation": weights},
    )


if __name__ == "__main__":
    main()

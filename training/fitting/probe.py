"""Measurement of the time of a training step on this computer."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from btgui.engine.training_request import Recipe
from btgui.engine.training_runs.events import DeviceKnown
from training.control import Control
from training.fitting.mask_loss import training_network
from training.fitting.network_fit import compile_model, precision
from training.fitting.steps import Batch, Step, measuring_step, training_step
from training.networks.architectures import build_network, freeze_stages
from training.networks.devices import device, spread_over_all
from training.networks.fused_normalization import with_fused_normalization

if TYPE_CHECKING:
    import keras

_TRAINING_STEPS, _VALIDATION_STEPS = 3, 2


@dataclass(frozen=True)
class StepTimes:
    """Seconds per step of ``batch_size`` scans, in training and in validation, and the device."""

    training: float
    validation: float
    batch_size: int
    device: DeviceKnown


def probe(name: str, recipe: Recipe, class_count: int, control: Control) -> StepTimes:
    """Run some steps on random images with random weights and return the median times.

    The first step of each kind, which compiles, does not count.

    Raises
    ------
    TrainingError
        The architecture is not known.
    Cancelled
        ``control`` has received a stop command.
    """
    found = device()
    with precision(half=recipe.mixed_precision), spread_over_all():
        model = compiled_model(name, recipe, class_count)
        batch = random_batch(model, recipe.batch_size)
        training = _median(training_step(model), batch, _TRAINING_STEPS, control)
        validation = _median(measuring_step(model), batch, _VALIDATION_STEPS, control)
    return StepTimes(training, validation, recipe.batch_size, found)


def compiled_model(
    name: str, recipe: Recipe, class_count: int, *, fused: bool = True
) -> keras.Model:
    """Return a training model with random weights, compiled as for training.

    ``fused`` is whether batch normalisation is one fused operation, as it is in training.
    """
    network = build_network(name, class_count, weights="none", dropout=recipe.dropout)
    if fused:
        network = with_fused_normalization(network)
    model = training_network(network)
    freeze_stages(network, name, recipe.frozen_stages)
    compile_model(model, recipe, 1)
    return model


def random_batch(model: keras.Model, size: int) -> Batch:
    """Return a batch of ``size`` random images and labels for a training model."""
    *grid, class_count = model.output["activation"].shape[1:]
    generator = np.random.default_rng(0)
    pictures = generator.uniform(-1, 1, (size, *model.input.shape[1:])).astype(np.float32)
    labels = np.eye(class_count, dtype=np.float32)[generator.integers(0, class_count, size)]
    masks = np.zeros((size, *grid, class_count), np.float32)
    weights = np.ones(size, np.float32)
    return (
        pictures,
        {"logits": labels, "activation": masks},
        {"logits": weights, "activation": weights},
    )


def _median(step: Step, batch: Batch, count: int, control: Control) -> float:
    taken = []
    for _ in range(count + 1):
        control.raise_if_stop_wanted()
        start = time.perf_counter()
        step(batch)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[1:])

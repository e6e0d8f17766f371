"""What a network computes for the scans of a run as they are, without augmentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.training_request import TrainingRequest
from training.augmenting.batches import ScanBatches
from training.scans.cache import CachedScans

if TYPE_CHECKING:
    import keras


def unchanged_batches(
    request: TrainingRequest, classes: tuple[str, ...], cached: CachedScans
) -> ScanBatches:
    """Return the scans in their order, in batches of the recipe's size, without augmentation."""
    return ScanBatches(
        cached,
        classes,
        request.preprocessing,
        request.recipe,
        grid=FeatureGrid.even((1, 1)),  # without outlines
        seed=request.seed,
        training=False,
    )


def predict_batches(
    network: keras.Model, batches: ScanBatches, done: Callable[[int], None]
) -> list[Any]:
    """Return the network's outputs, one item per batch.

    ``done`` is called after each batch with how many scans have been read; it may raise to stop.
    """
    outputs = []
    count = 0
    for index in range(len(batches)):
        inputs = batches[index][0]
        outputs.append(network.predict_on_batch(inputs))
        count += len(inputs)
        done(count)
    return outputs

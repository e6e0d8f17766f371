"""Batches for Keras: augmented, coloured and scaled on worker threads, in a seeded order."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import cv2
import keras  # noqa: TID253  (the base class of a Keras data set)
import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset import LabelledScan
from btgui.engine.preprocessing import (
    PreprocessingParameters,
    colour,
    resize_to_input,
    scale_pixels,
)
from btgui.engine.training_request import Recipe
from training.augmentation import augment, mix
from training.cache import CachedScans


class ScanBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    """Batches of ``(inputs, targets, weights)``.

    Every random choice is a function of (seed, epoch, position), so that a resumed
    run sees the same data in the same order. ``epoch`` counts from 0.

    Targets are a dictionary: ``logits`` (n, classes), one for each class that the scan
    may be of, and ``activation``
    (n, grid, grid, classes): the tumour mask on the grid of the last feature map, in
    the plane of the true class; all zero where no mask is known.
    """

    def __init__(
        self,
        cached: CachedScans,
        classes: tuple[str, ...],
        parameters: PreprocessingParameters,
        recipe: Recipe,
        *,
        grid: int,
        seed: int,
        training: bool,
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        # Batches are made on threads already; OpenCV's own would take cores from the network.
        cv2.setNumThreads(1)
        self.cached = cached
        self.parameters = parameters
        self.recipe = recipe
        self.grid = grid
        self.seed = seed
        self.training = training
        self.epoch = 0
        self.possible = possible_classes(cached.scans, classes)
        self.shares = _shares(cached.scans, recipe.balance if training else 0.0)
        self.weights = self._scan_weights()

    def __len__(self) -> int:
        return math.ceil(len(self.possible) / self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Any, Any]:
        size = self.recipe.batch_size
        places = range(index * size, min((index + 1) * size, len(self.possible)))
        order = self._order()
        chosen = order[places.start : places.stop]
        samples = (self._sample(place, order) for place in places)
        inputs, masks = zip(*samples, strict=True)
        possible = self.possible[chosen]
        activation = np.stack(masks)[..., None] * possible[:, None, None, :]
        weights = self.weights[chosen]
        return (
            np.stack(inputs),
            {"logits": possible, "activation": activation},
            {"logits": weights, "activation": np.ones_like(weights)},
        )

    def on_epoch_end(self) -> None:
        """Move on to the next epoch's order and augmentation."""
        self.epoch += 1

    def _order(self) -> NDArray[np.int64]:
        count = len(self.possible)
        if not self.training:
            return np.arange(count)
        generator = np.random.default_rng((self.seed, self.epoch))
        mixed = generator.permutation(count)
        # Systematic resampling (Kitagawa 1996): each scan is drawn its share of times, rounded
        # up or down; with equal shares, once each.
        ends = np.cumsum(self.shares[mixed])
        ticks = (np.arange(count) + generator.random()) / count * ends[-1]
        return generator.permutation(mixed[np.searchsorted(ends, ticks, side="right")])

    def _sample(
        self, place: int, order: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        index = int(order[place])
        grey, mask = self.cached.grey[index], self.cached.masks[index]
        if self.training:
            generator = np.random.default_rng((self.seed, self.epoch, place))
            grey, mask = augment(grey, mask, self.recipe, generator)
            if self.recipe.mix_alpha:
                # Of the order, so that groups are blended in as often as they are drawn.
                other = int(order[generator.integers(len(order))])
                nothing = np.zeros_like(mask)
                blended, _ = augment(self.cached.grey[other], nothing, self.recipe, generator)
                grey = mix(grey, blended, self.recipe.mix_alpha, generator)
        rgb = resize_to_input(colour(grey, self.parameters), self.parameters)
        pixels = scale_pixels(rgb, self.parameters.pixel_scaling)
        return pixels, mask_on_grid(mask, self.grid)

    def _scan_weights(self) -> NDArray[np.float32]:
        """Inverse frequency of each scan's class among the scans drawn, mean 1; (n,)."""
        if not (self.training and self.recipe.class_weights):
            return np.ones(len(self.possible), np.float32)
        # A scan of one of several classes counts as a part of each.
        parts = self.possible / self.possible.sum(axis=1, keepdims=True)
        frequency = self.shares @ parts / self.shares.sum()
        weights = parts @ (1 / (len(frequency) * frequency))
        return np.asarray(weights, np.float32)


def possible_classes(scans: list[LabelledScan], classes: tuple[str, ...]) -> NDArray[np.float32]:
    """Return (n, classes): one for each class that a scan may be of, else zero."""
    possible = np.zeros((len(scans), len(classes)), np.float32)
    for row, scan in zip(possible, scans, strict=True):
        row[[classes.index(name) for name in scan.possible_classes]] = 1
    return possible


def _shares(scans: list[LabelledScan], balance: float) -> NDArray[np.float64]:
    """Return how often each scan is to be drawn, in proportion; (n,).

    A group is the scans of one source and label. With ``balance`` 0 every scan is drawn
    alike, with 1 every group is; between, a group of n scans has a share of n^(1-balance).
    """
    groups = [(scan.source, scan.label) for scan in scans]
    sizes = Counter(groups)
    return np.array([sizes[group] ** -balance for group in groups])


def mask_on_grid(mask: NDArray[np.uint8], grid: int) -> NDArray[np.float32]:
    """Reduce a mask to the feature grid; (grid, grid), its largest cell 1, or all zero."""
    if not mask.any():
        return np.zeros((grid, grid), np.float32)
    small = cv2.resize(mask.astype(np.float32), (grid, grid), interpolation=cv2.INTER_AREA)
    return np.asarray(small / small.max(), np.float32)

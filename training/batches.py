"""Batches for Keras: augmented, coloured and scaled on worker threads, in a seeded order."""

from __future__ import annotations

import math
from typing import Any

import cv2
import keras  # noqa: TID253  (the base class of a Keras data set)
import numpy as np
from numpy.typing import NDArray

from btgui.engine.preprocessing import (
    PreprocessingParameters,
    colour,
    resize_to_input,
    scale_pixels,
)
from btgui.engine.training_request import Recipe
from training.augmentation import augment
from training.cache import CachedScans


class ScanBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    """Batches of ``(inputs, targets, weights)``.

    Every random choice is a function of (seed, epoch, position), so that a resumed
    run sees the same data in the same order.

    Targets are a dictionary: ``logits`` (n, classes) one-hot, and ``activation``
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
        first_epoch: int = 0,
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        self.cached = cached
        self.parameters = parameters
        self.recipe = recipe
        self.grid = grid
        self.seed = seed
        self.training = training
        self.epoch = first_epoch
        self.labels = np.array([classes.index(scan.label) for scan in cached.scans])
        self.one_hot = np.eye(len(classes), dtype=np.float32)[self.labels]
        self.weights = self._class_weights(len(classes))

    def __len__(self) -> int:
        return math.ceil(len(self.labels) / self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Any, Any]:
        order = self._order()
        size = self.recipe.batch_size
        chosen = order[index * size : (index + 1) * size]
        inputs, masks = zip(*(self._sample(int(i)) for i in chosen), strict=True)
        one_hot = self.one_hot[chosen]
        activation = np.stack(masks)[..., None] * one_hot[:, None, None, :]
        weights = self.weights[self.labels[chosen]]
        return (
            np.stack(inputs),
            {"logits": one_hot, "activation": activation},
            {"logits": weights, "activation": np.ones_like(weights)},
        )

    def on_epoch_end(self) -> None:
        """Move on to the next epoch's order and augmentation."""
        self.epoch += 1

    def _order(self) -> NDArray[np.int64]:
        count = len(self.labels)
        if not self.training:
            return np.arange(count)
        return np.random.default_rng((self.seed, self.epoch)).permutation(count)

    def _sample(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        grey, mask = self.cached.grey[index], self.cached.masks[index]
        if self.training:
            generator = np.random.default_rng((self.seed, self.epoch, index))
            grey, mask = augment(grey, mask, self.recipe, generator)
        rgb = resize_to_input(colour(grey, self.parameters), self.parameters)
        pixels = scale_pixels(rgb, self.parameters.pixel_scaling)
        return pixels, mask_on_grid(mask, self.grid)

    def _class_weights(self, class_count: int) -> NDArray[np.float32]:
        """Inverse class frequency, mean 1 over the scans; (classes,)."""
        if not (self.training and self.recipe.class_weights):
            return np.ones(class_count, np.float32)
        counts = np.bincount(self.labels, minlength=class_count)
        return (len(self.labels) / (class_count * counts)).astype(np.float32)


def mask_on_grid(mask: NDArray[np.uint8], grid: int) -> NDArray[np.float32]:
    """Reduce a mask to the feature grid; (grid, grid), its largest cell 1, or all zero."""
    if not mask.any():
        return np.zeros((grid, grid), np.float32)
    small = cv2.resize(mask.astype(np.float32), (grid, grid), interpolation=cv2.INTER_AREA)
    return np.asarray(small / small.max(), np.float32)

"""Batches for Keras: augmented, coloured and scaled, in a seeded order."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import (
    PreprocessingParameters,
    colour,
    resize_to_input,
    scale_pixels,
)
from btgui.engine.training_request import Recipe
from training.augmenting.augmentation import augment, mix
from training.augmenting.intensity import Picture
from training.augmenting.lesions import Example, MovedLesions
from training.augmenting.random_streams import Purpose, random_stream
from training.scans.cache import CachedScans


class ScanBatches:
    """Batches of ``(inputs, targets, weights)``.

    Every random choice is a function of (seed, epoch, position), so that a resumed run gets the same
    data in the same order. ``epoch`` counts from 0.

    The targets are a dictionary: ``logits`` (n, classes) is 1 for each class that the scan may be of,
    else 0; ``activation`` (n, rows, columns, classes) is the tumour mask on ``grid``, that of the last
    feature map, in the plane of the true class, and all zero without a mask. ``healthy`` is the index
    of the class without a tumour, if any: tumours may be moved between its scans and the others.
    ``present`` holds the indices of the classes that some scan may be of.
    """

    def __init__(
        self,
        cached: CachedScans,
        classes: tuple[str, ...],
        parameters: PreprocessingParameters,
        recipe: Recipe,
        *,
        grid: FeatureGrid,
        seed: int,
        training: bool,
        healthy: int | None = None,
    ) -> None:
        self.cached = cached
        self.parameters = parameters
        self.recipe = recipe
        self.grid = grid
        self.seed = seed
        self.training = training
        self.epoch = 0
        self.possible = possible_classes(cached.scans, classes)
        self.present = tuple(np.flatnonzero(self.possible.any(axis=0)).tolist())
        # An outline trains the activation of a single class, so it needs a known class.
        known = self.possible.sum(axis=1, keepdims=True) == 1
        self._outlined = np.where(known, self.possible, np.float32(0))
        self.shares = _shares(cached.scans, recipe.balance if training else 0.0)
        self.class_weights = self._class_weights()
        self._lesions = MovedLesions(cached, self.possible, healthy, recipe)
        self._known_order = -1, np.empty(0, np.int64)

    def __len__(self) -> int:
        return math.ceil(len(self.possible) / self.recipe.batch_size)

    def __getitem__(self, index: int) -> tuple[Any, Any, Any]:
        parameters, first = self.parameters, index * self.recipe.batch_size
        chosen = self._order()[first : first + self.recipe.batch_size]
        size = (parameters.input_height, parameters.input_width, 3)
        inputs = np.empty((len(chosen), *size), np.float32)
        masks = np.empty((len(chosen), *self.grid.shape), np.float32)
        possible, outlined = np.empty((2, len(chosen), self.possible.shape[1]), np.float32)
        for row, scan in enumerate(chosen):
            shown = self._shown(int(scan), first + row)
            rgb = resize_to_input(colour(shown.grey, parameters), parameters)
            # Write into the batch directly: a copy would take as long again.
            scale_pixels(rgb, parameters.pixel_scaling, out=inputs[row])
            masks[row] = mask_on_grid(shown.mask, self.grid)
            possible[row], outlined[row] = shown.possible, shown.outlined
        weights = self._weights_of(possible)
        return (
            inputs,
            {
                "logits": possible,
                "activation": masks[..., None] * outlined[:, None, None, :],
            },
            {"logits": weights, "activation": np.ones_like(weights)},
        )

    def _order(self) -> NDArray[np.int64]:
        """Return the epoch's order, which is cached; safe to call from several threads."""
        epoch, (known, order) = self.epoch, self._known_order
        if known != epoch:
            order = self._new_order(epoch)
            self._known_order = epoch, order
        return order

    def _new_order(self, epoch: int) -> NDArray[np.int64]:
        count = len(self.possible)
        if not self.training:
            return np.arange(count)
        generator = random_stream(Purpose.ORDER, self.seed, epoch)
        mixed = generator.permutation(count)
        # Systematic resampling (Kitagawa 1996): each scan is sampled as often as its share, rounded up
        # or down; with equal shares, exactly once.
        ends = np.cumsum(self.shares[mixed])
        ticks = (np.arange(count) + generator.random()) / count * ends[-1]
        return generator.permutation(mixed[np.searchsorted(ends, ticks, side="right")])

    def _shown(self, scan: int, place: int) -> Example:
        """Return the scan, augmented in training, for a position in the epoch's order."""
        grey = self.cached.grey[scan]
        # Without an outline there is no mask to read.
        mask = self.cached.masks[scan] if self.cached.has_mask[scan] else np.zeros_like(grey)
        shown = Example(grey, mask, self.possible[scan], self._outlined[scan])
        if not self.training:
            return shown
        # A separate generator, so that recipes without moved tumours keep their former augmentation.
        moving = random_stream(Purpose.LESIONS, self.seed, self.epoch, place)
        shown = self._lesions.moved(scan, moving) or shown
        generator = random_stream(Purpose.CHANGES, self.seed, self.epoch, place)
        grey, mask = augment(shown.grey, shown.mask, self.recipe, generator)
        if self.recipe.mix_alpha:
            grey = self._blended(grey, generator)
        return replace(shown, grey=grey, mask=mask)

    def _blended(self, grey: Picture, generator: np.random.Generator) -> Picture:
        """Blend in another scan, sampled from the epoch's order, so that balanced sampling applies."""
        order = self._order()
        other = self.cached.grey[int(order[generator.integers(len(order))])]
        changed, _ = augment(other, np.zeros_like(other), self.recipe, generator)
        return mix(grey, changed, self.recipe.mix_alpha, generator)

    def _class_weights(self) -> NDArray[np.float64]:
        """Return weights by the inverse frequency of each class among the sampled scans; (classes,).

        Their mean over the sampled scans is 1. The weight of a class without scans is not used.
        """
        weights, present = np.ones(self.possible.shape[1]), list(self.present)
        if self.training and self.recipe.class_weights:
            frequency = self.shares @ _parts(self.possible) / self.shares.sum()
            weights[present] = 1 / (len(present) * frequency[present])
        return weights

    def _weights_of(self, possible: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weights of scans with the given possible classes; (n,)."""
        return np.asarray(_parts(possible) @ self.class_weights, np.float32)


def _parts(possible: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return possible classes as shares: a scan with several counts for each in equal parts."""
    return np.asarray(possible / possible.sum(axis=1, keepdims=True), np.float32)


def possible_classes(scans: list[LabelledScan], classes: tuple[str, ...]) -> NDArray[np.float32]:
    """Return the possible classes of each scan; (n, classes), 1 for a possible class, else 0."""
    possible = np.zeros((len(scans), len(classes)), np.float32)
    for row, scan in zip(possible, scans, strict=True):
        row[[classes.index(name) for name in scan.possible_classes]] = 1
    return possible


def _shares(scans: list[LabelledScan], balance: float) -> NDArray[np.float64]:
    """Return the sampling weight of each scan; (n,).

    A group consists of the scans of one source and label. With ``balance`` 0 all scans have equal
    weight, with 1 all groups; between, the weight of a group of n scans is n^(1-balance).
    """
    groups = [(scan.source, scan.label) for scan in scans]
    sizes = Counter(groups)
    return np.array([sizes[group] ** -balance for group in groups])


def mask_on_grid(mask: NDArray[np.uint8], grid: FeatureGrid) -> NDArray[np.float32]:
    """Return a mask reduced to the feature grid; (rows, columns), with maximum 1, or all zero."""
    if not mask.any():
        return np.zeros(grid.shape, np.float32)
    small = grid.reduced(mask.astype(np.float32))
    return np.asarray(small / small.max(), np.float32)

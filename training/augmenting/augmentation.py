"""Augmentation of a preprocessed scan that preserves its diagnosis.

The geometric transforms are the published ones (rotation, shift, flip), plus zoom and stretch; they
are applied to the tumour mask too. Intensity changes (:mod:`training.augmenting.intensity`) give a
tissue other grey levels, as another sequence or scanner would, so that a network cannot recognise a
class by its sequence alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.training_request import Recipe
from training.augmenting.intensity import Picture, change_greys

# The augmentation values of a recipe; with all of them 0, scans are not changed.
AUGMENTATIONS = (
    "rotation_degrees",
    "shift_fraction",
    "zoom_fraction",
    "stretch_fraction",
    "flip_probability",
    "tone_probability",
    "contrast_probability",
    "shading_probability",
    "coarse_probability",
    "noise_probability",
    "blur_probability",
    "erase_probability",
    "transplant_probability",
    "removal_probability",
    "mix_alpha",
)


def without_augmentation(recipe: Recipe) -> Recipe:
    """Return the recipe without augmentation."""
    nothing: dict[str, Any] = dict.fromkeys(AUGMENTATIONS, 0.0)
    return replace(recipe, **nothing)


def augment(
    grey: Picture, mask: Picture, recipe: Recipe, generator: np.random.Generator
) -> tuple[Picture, Picture]:
    """Return an augmented copy of a (size, size) uint8 image and its mask."""
    matrix = random_affine(grey.shape[0], recipe, generator)
    side = (grey.shape[1], grey.shape[0])
    changed = cv2.warpAffine(grey, matrix, side, flags=cv2.INTER_LINEAR)
    moved = cv2.warpAffine(mask, matrix, side, flags=cv2.INTER_NEAREST) if mask.any() else mask
    changed = change_greys(np.asarray(changed, np.uint8), recipe, generator)
    if generator.random() < recipe.erase_probability:
        changed = _erase(changed, moved, generator)
    return np.asarray(changed, np.uint8), np.asarray(moved, np.uint8)


def mix(grey: Picture, other: Picture, alpha: float, generator: np.random.Generator) -> Picture:
    """Blend another scan faintly into a scan, which keeps its label (mixup, Zhang et al. 2018).

    Mixup samples a share s from Beta(alpha, alpha) and mixes the labels too. Since the loss is linear
    in the labels, keeping one's own label and sampling s from Beta(alpha + 1, alpha) is equivalent on
    average (Huszár 2017), so that partial labels and outlines need no mixing.

    Parameters
    ----------
    grey, other
        (size, size) uint8.
    alpha
        Above 0; 0.2 blends in a seventh on average.
    """
    share = generator.beta(alpha + 1, alpha)
    return np.asarray(cv2.addWeighted(grey, share, other, 1 - share, 0), np.uint8)


def random_affine(size: int, recipe: Recipe, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return a random (2, 3) matrix of rotation, zoom, flip, stretch and shift within the recipe's bounds."""
    centre = (size - 1) / 2
    angle = generator.uniform(-recipe.rotation_degrees, recipe.rotation_degrees)
    zoom = 1 + generator.uniform(-recipe.zoom_fraction, recipe.zoom_fraction)
    matrix = np.asarray(cv2.getRotationMatrix2D((centre, centre), angle, zoom), np.float64)
    if generator.random() < recipe.flip_probability:
        matrix = matrix @ np.array([[-1, 0, 2 * centre], [0, 1, 0], [0, 0, 1]], np.float64)
    if recipe.stretch_fraction:
        # Stretch the width alone: heads differ in width, and resizing to a square loses their own.
        stretch = 1 + generator.uniform(-recipe.stretch_fraction, recipe.stretch_fraction)
        matrix = matrix @ np.array([[stretch, 0, centre * (1 - stretch)], [0, 1, 0], [0, 0, 1]])
    shift = recipe.shift_fraction * size
    matrix[:, 2] += generator.uniform(-shift, shift, 2)
    return matrix


def _erase(grey: Picture, mask: Picture, generator: np.random.Generator) -> Picture:
    """Erase a random rectangle, unless it would hide part of an outlined tumour."""
    size = grey.shape[0]
    height, width = generator.integers(size // 10, size // 4, 2)
    top, left = generator.integers(0, size - height), generator.integers(0, size - width)
    area = np.s_[top : top + height, left : left + width]
    if mask[area].any():
        return grey
    erased = grey.copy()
    erased[area] = generator.integers(0, 256)
    return np.asarray(erased, np.uint8)

"""Intensity augmentation: grey levels as another sequence, scanner or coil would produce them.

Tone, contrast and shading changes keep black, as the air around the head has no signal.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.training_request import Recipe

Picture = NDArray[np.uint8]
# Share of tone curves that need not be monotonic: they turn dark tissue bright, as between T1 and T2.
_FREE_TONE_SHARE = 0.25
# Range of the size of details in pixels: from sulci to lobes.
_DETAIL_SIDES = (6.0, 40.0)
# Range of the scaling of detail: from a spin echo's flat T1 to a narrow window.
_DETAIL_FACTORS = (0.3, 1.7)
# Logarithm of the largest gain of a receive coil's bias field: about two thirds to one and a half.
_SHADING = 0.4
# Range of the side of a coarser slice in pixels, as a share of the side of the image.
_COARSENESS = (0.3, 0.8)


def change_greys(grey: Picture, recipe: Recipe, generator: np.random.Generator) -> Picture:
    """Return a copy of a (size, size) uint8 image with random changes of its grey levels."""
    changes = (
        (recipe.tone_probability, _tone),
        (recipe.contrast_probability, _local_contrast),
        (recipe.shading_probability, _shading),
        (recipe.coarse_probability, _coarse),
        (recipe.blur_probability, _blur),
        (recipe.noise_probability, _noise),
    )
    for probability, change in changes:
        if probability and generator.random() < probability:
            grey = change(grey, generator)
    return grey


def random_tone_curve(generator: np.random.Generator) -> Picture:
    """Return a random tone curve through random knots, which keeps black; (256,) uint8."""
    knots = generator.integers(2, 5)
    inner = np.sort(generator.uniform(20, 235, knots))
    heights = generator.uniform(0, 255, knots)
    rising = generator.random() >= _FREE_TONE_SHARE
    if rising:
        # Half-way to the identity: strong changes of contrast without posterised flat stretches.
        heights = (np.sort(heights) + inner) / 2
    end = generator.uniform(150, 255) if rising else generator.uniform(0, 255)
    curve = np.interp(
        np.arange(256), [0, *inner, 255], [0, *heights, max(end, heights[-1] * rising)]
    )
    return np.asarray(np.clip(curve, 0, 255), np.uint8)


def _tone(grey: Picture, generator: np.random.Generator) -> Picture:
    return np.asarray(cv2.LUT(grey, random_tone_curve(generator)), np.uint8)


def _local_contrast(grey: Picture, generator: np.random.Generator) -> Picture:
    """Weaken or strengthen detail relative to its surroundings, within the head."""
    side = generator.uniform(*_DETAIL_SIDES)
    factor = generator.uniform(*_DETAIL_FACTORS)
    surroundings = _enlarged(_reduced(grey, 1 / side), grey.shape[0])
    changed = cv2.addWeighted(grey, factor, surroundings, 1 - factor, 0)
    changed[grey == 0] = 0
    return np.asarray(changed, np.uint8)


def _shading(grey: Picture, generator: np.random.Generator) -> Picture:
    """Multiply by a smooth random bias field, as of a receive coil (Sled 1998)."""
    knots = generator.uniform(-_SHADING, _SHADING, (4, 4)).astype(np.float32)
    gain = np.exp(cv2.resize(knots, grey.shape[::-1], interpolation=cv2.INTER_CUBIC))
    return np.asarray(cv2.multiply(grey, gain, dtype=cv2.CV_8U), np.uint8)


def _coarse(grey: Picture, generator: np.random.Generator) -> Picture:
    """Reduce the resolution, as in a scan with fewer, larger pixels."""
    return _enlarged(_reduced(grey, generator.uniform(*_COARSENESS)), grey.shape[0])


def _blur(grey: Picture, generator: np.random.Generator) -> Picture:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), generator.uniform(0.5, 1.8)), np.uint8)


def _noise(grey: Picture, generator: np.random.Generator) -> Picture:
    deviation = generator.uniform(2, 12)
    noise = generator.standard_normal(grey.shape, dtype=np.float32) * np.float32(deviation)
    return np.asarray(cv2.add(grey, noise, dtype=cv2.CV_8U), np.uint8)


def _reduced(grey: Picture, factor: float) -> Picture:
    side = max(2, round(grey.shape[0] * factor))
    return np.asarray(cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _enlarged(grey: Picture, side: int) -> Picture:
    return np.asarray(cv2.resize(grey, (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)

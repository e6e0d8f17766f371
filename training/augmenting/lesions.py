"""Transplantation of outlined tumours onto healthy scans, and their removal from others.

In many data sets, healthy scans come from other sequences, scanners and hospitals than scans of
tumours, and a network may distinguish them by that alone. If it is trained on the same head with and
without a tumour, only the tumour distinguishes the two. A tumour is carved out of a similar scan and
placed at the same position in the other head (CarveMix, Zhang et al. 2021). A tumour is removed from a
symmetric head by the mirror image of the other side. Half as many healthy scans receive a healthy
patch in the same way, so that seams and rotated patches reveal nothing (Dwibedi, Misra and Hebert
2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.training_request import Recipe
from training.augmenting.augmentation import random_affine
from training.augmenting.intensity import Picture
from training.scans.cache import CachedScans

_HEALTHY_PIECES = 0.5  # number of healthy patches relative to transplanted tumours
_TURNED_OVER = 0.3  # share of tumours that are inverted: bright becomes dark
# Random displacement of a patch.
_PLACING = Recipe(
    rotation_degrees=10, shift_fraction=0.04, zoom_fraction=0.15, flip_probability=0.5
)
_CANDIDATES = 16  # number of sampled scans, of which the most similar one is the donor
_LOOK = 16  # side of the thumbnails that are compared, in pixels
# Least correlation with the own mirror image: axial and coronal slices reach it, sagittal ones do not.
_SYMMETRIC = 0.8
_SMALLEST = 100  # smallest patch in pixels, of an image of 65,536
_DARK = 8  # largest grey level of the air around the head
_ON_HEAD = 0.85  # least share of a patch that must lie on the head
_MIDLINE = 0.03  # largest share of a lesion with its rim that may overlap its own mirror image


@dataclass(frozen=True, eq=False)
class Example:
    """A training scan, original or with a tumour added or removed.

    Attributes
    ----------
    grey, mask
        (size, size) uint8, as in the cache.
    possible
        (classes,) 1 for each class that the scan may be of, else 0.
    outlined
        (classes,) 1 for the class of the tumour in ``mask``, else 0.
    """

    grey: Picture
    mask: Picture
    possible: NDArray[np.float32]
    outlined: NDArray[np.float32]


class MovedLesions:
    """Moves tumours between training scans.

    Parameters
    ----------
    possible
        (n, classes) 1 for each class that a scan may be of, else 0.
    healthy
        Index of the class without a tumour, or None. Without this class, or without a scan of it,
        nothing is moved.
    """

    def __init__(
        self,
        cached: CachedScans,
        possible: NDArray[np.float32],
        healthy: int | None,
        recipe: Recipe,
    ) -> None:
        self._cached, self._possible, self._recipe = cached, possible, recipe
        classes = possible.shape[1]
        self._none = np.zeros(classes, np.float32)
        present = np.asarray(possible.any(axis=0), np.bool_)
        # A tumour is of one of the classes in the data set, which says nothing about other classes.
        self._healthy, self._ill = self._none.copy(), present.astype(np.float32)
        self._is_healthy = np.zeros(len(possible), bool)
        if healthy is not None and present[healthy]:
            self._healthy[healthy], self._ill[healthy] = 1, 0
            self._is_healthy = (possible[:, healthy] == 1) & (possible.sum(axis=1) == 1)
        of_one_class = possible.sum(axis=1) == 1
        self._outlined = (
            cached.has_mask & ~self._is_healthy & of_one_class & bool(self._healthy.any())
        )
        self._donors = np.flatnonzero(self._outlined)
        self._heads = np.flatnonzero(self._is_healthy)

    def moved(self, scan: int, generator: np.random.Generator) -> Example | None:
        """Return the scan with a tumour, a healthy patch or no tumour; None if it is not changed."""
        recipe = self._recipe
        if self._is_healthy[scan] and len(self._donors):
            drawn = generator.random()
            if drawn < recipe.transplant_probability:
                return self._with_tumour(scan, generator)
            if drawn < recipe.transplant_probability * (1 + _HEALTHY_PIECES):
                return self._with_healthy_piece(scan, generator)
        elif self._outlined[scan] and generator.random() < recipe.removal_probability:
            return self._without_tumour(scan, generator)
        return None

    def _with_tumour(self, scan: int, generator: np.random.Generator) -> Example | None:
        donor = self._like(scan, self._donors, generator)
        piece = _placed(
            np.asarray(self._cached.grey[donor]), np.asarray(self._cached.masks[donor]), generator
        )
        # Tumours are brighter than their surroundings in one sequence and darker in another.
        sign = 1 if generator.random() >= _TURNED_OVER else -1
        grey = _implanted(np.asarray(self._cached.grey[scan]), *piece, sign, generator)
        if grey is None:
            return None
        # In another head and sequence it is still a tumour, but its class is no longer certain.
        return Example(grey, piece[1], self._ill, self._possible[donor])

    def _with_healthy_piece(self, scan: int, generator: np.random.Generator) -> Example | None:
        shape = np.asarray(self._cached.masks[int(generator.choice(self._donors))])
        donor = self._like(scan, self._heads, generator)
        piece = _placed(np.asarray(self._cached.grey[donor]), shape, generator)
        grey = _implanted(np.asarray(self._cached.grey[scan]), *piece, 1, generator)
        if grey is None:
            return None
        return Example(grey, np.zeros_like(grey), self._healthy, self._none)

    def _without_tumour(self, scan: int, generator: np.random.Generator) -> Example | None:
        grey, mask = np.asarray(self._cached.grey[scan]), np.asarray(self._cached.masks[scan])
        mirrored = np.ascontiguousarray(grey[:, ::-1])
        with_rim = _grown(mask, 6)
        area = np.count_nonzero(with_rim)
        on_both_sides = np.count_nonzero(with_rim & with_rim[:, ::-1])
        if not area or on_both_sides > _MIDLINE * area:
            return None
        if float(_look(grey) @ _look(mirrored)) < _SYMMETRIC:
            return None
        share = _soft(mask, int(generator.integers(4, 9)))
        return Example(
            _blended(grey, mirrored, share), np.zeros_like(mask), self._healthy, self._none
        )

    def _like(self, scan: int, among: NDArray[np.int64], generator: np.random.Generator) -> int:
        """Return the most similar of some sampled scans, probably of the same plane and level."""
        look = _look(np.asarray(self._cached.grey[scan]))
        drawn = generator.choice(among, _CANDIDATES)
        return int(
            max(drawn, key=lambda one: float(look @ _look(np.asarray(self._cached.grey[one]))))
        )


def _look(grey: Picture) -> NDArray[np.float32]:
    """Return a thumbnail as a zero-mean unit-length vector; dot products are correlations."""
    small = cv2.resize(grey, (_LOOK, _LOOK), interpolation=cv2.INTER_AREA)
    look = small.astype(np.float32).ravel()
    look -= look.mean()
    return np.asarray(look / (np.linalg.norm(look) + 1e-6), np.float32)


def _placed(
    grey: Picture, mask: Picture, generator: np.random.Generator
) -> tuple[Picture, Picture]:
    """Apply one small random displacement to a scan and a mask, and mirror them half of the time."""
    matrix, side = random_affine(grey.shape[0], _PLACING, generator), grey.shape[::-1]
    moved = cv2.warpAffine(grey, matrix, side, flags=cv2.INTER_LINEAR)
    outline = cv2.warpAffine(mask, matrix, side, flags=cv2.INTER_NEAREST)
    return np.asarray(moved, np.uint8), np.asarray(outline, np.uint8)


def _implanted(
    head: Picture, donor: Picture, mask: Picture, sign: int, generator: np.random.Generator
) -> Picture | None:
    """Transplant the patch outlined by ``mask`` from ``donor`` into ``head``; None if it does not fit.

    The patch's grey levels relative to its surroundings in the donor are added to the mean of its new
    surroundings, inverted if ``sign`` is -1.
    """
    inside = mask > 0
    if np.count_nonzero(inside) < _SMALLEST or (head[inside] > _DARK).mean() < _ON_HEAD:
        return None
    around_donor, around = _surroundings(donor, mask), _surroundings(head, mask)
    gain = sign * generator.uniform(0.6, 1.5) * np.clip(around / max(around_donor, 1), 0.5, 2)
    piece = (donor.astype(np.float32) - around_donor) * gain + around
    return _blended(head, piece, _soft(mask, int(generator.integers(1, 6))))


def _surroundings(grey: Picture, mask: Picture) -> float:
    """Return the mean grey level of the head around a mask, or of the whole head if that is too little."""
    ring = (_grown(mask, 12) > 0) & (_grown(mask, 2) == 0) & (grey > _DARK)
    if np.count_nonzero(ring) < _SMALLEST // 4:
        ring = grey > _DARK
    return float(grey[ring].mean()) if ring.any() else 0.0


def _grown(mask: Picture, pixels: int) -> Picture:
    kernel = np.ones((2 * pixels + 1, 2 * pixels + 1), np.uint8)
    return np.asarray(cv2.dilate(mask, kernel), np.uint8)


def _soft(mask: Picture, pixels: int) -> NDArray[np.float32]:
    """Return a mask dilated by ``pixels``, with a soft edge from 1 to 0."""
    side = 2 * pixels + 1
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown = cv2.dilate(mask, round_).astype(np.float32) / 255
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), max(0.8, 0.6 * pixels)), np.float32)


def _blended(
    under: Picture, over: NDArray[np.uint8] | NDArray[np.float32], share: NDArray[np.float32]
) -> Picture:
    return np.asarray(np.clip(over * share + under * (1 - share), 0, 255), np.uint8)

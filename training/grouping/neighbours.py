"""Which scans are probably slices of one head, where only the order of their files tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import Signatures, correlations

# On the public Brain Tumor MRI Dataset a third of the scans next to each other reach 0.8, and one in
# 200 pairs of scans from anywhere.
NEIGHBOUR_CORRELATION = 0.8
NEXT_NUMBERS = 2
# Where heads are registered, any two are alike: neighbours must be so as hardly any other pair is.
_CHANCE = 0.005
# Of neighbours whose order means nothing, no more than one in 200 is so either.
_BEYOND_CHANCE = 10 * _CHANCE
_FEWEST_PAIRS = 3
_DRAWN_PAIRS = 4000
# Scans that lie further apart than so, or than a quarter of them, are seldom of one head.
_APART = 50


def neighbours(scans: list[LabelledScan], thumbnails: Signatures) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of scans that are numbered one after another and much alike.

    Data sets of slices are often numbered patient by patient, and name no patient. Two files
    of one source and class whose names differ by a number alone, by two at most, are taken
    for slices of one head where they correlate by 0.8 or more, and by more than 199 in 200
    pairs of files do that are numbered far apart. Where fewer than one in 20 neighbours are
    alike, or fewer than three, the order means nothing.

    Parameters
    ----------
    thumbnails
        Of the scans, from :func:`training.grouping.copies.signatures`.
    """
    generator = np.random.default_rng(0)
    for members in _numbered_alike(scans):
        numbers, order = np.array(members).T
        alike = max(NEIGHBOUR_CORRELATION, _by_chance(thumbnails, order, generator))
        first, second = _next_to_each_other(numbers)
        found = correlations(thumbnails, order[first], order[second]) >= alike
        if found.sum() >= max(_FEWEST_PAIRS, _BEYOND_CHANCE * len(found)):
            pairs = order[first[found]], order[second[found]]
            yield from zip(*(one.tolist() for one in pairs), strict=True)


def _next_to_each_other(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of pairs of sorted numbers that differ by two at most."""
    steps = range(1, NEXT_NUMBERS + 1)
    near = [np.flatnonzero(numbers[step:] - numbers[:-step] <= NEXT_NUMBERS) for step in steps]
    second = [places + step for places, step in zip(near, steps, strict=True)]
    return np.concatenate(near), np.concatenate(second)


def _numbered_alike(scans: list[LabelledScan]) -> Iterator[list[tuple[int, int]]]:
    """Yield (number, index) of scans of one numbering, sorted.

    Their names differ by the last number alone. Folders of one class continue each other's
    numbering, as where somebody moved some files to a test folder, unless a number is in two:
    each then has its own. Those that are small, as a folder for each patient is, hold too few
    pairs to tell what is by chance, and are one numbering with gaps.
    """
    series: dict[tuple[str, str, str, str], list[tuple[int, int]]] = {}
    for index, scan in enumerate(scans):
        if match := re.fullmatch(r"(.*?)(\d{1,15})(\D*)", scan.path.name, flags=re.DOTALL):
            before, number, after = match.groups()
            key = (scan.source, scan.label, before, after)
            series.setdefault(key, []).append((int(number), index))
    for members in series.values():
        if len({number for number, _index in members}) == len(members):
            yield sorted(members)
            continue
        of_folder: dict[Path, list[tuple[int, int]]] = {}
        for number, index in members:
            of_folder.setdefault(scans[index].path.parent, []).append((number, index))
        joined: list[tuple[int, int]] = []
        for some in map(sorted, of_folder.values()):
            if len(some) > _APART:
                yield some
            else:
                last = joined[-1][0] if joined else 0
                start = last + NEXT_NUMBERS + 1 - some[0][0]
                joined += [(start + number, index) for number, index in some]
        if joined:
            yield joined


def _by_chance(
    thumbnails: Signatures, order: NDArray[np.int64], generator: np.random.Generator
) -> float:
    """Return the correlation that hardly any pair of these scans reaches, of pairs drawn at random."""
    places = generator.integers(0, len(order), (_DRAWN_PAIRS, 2))
    apart = max(NEXT_NUMBERS, min(_APART, len(order) // 4))
    first, second = places[np.abs(places[:, 0] - places[:, 1]) > apart].T
    if not len(first):  # too few scans to tell
        return 1.0
    return float(np.quantile(correlations(thumbnails, order[first], order[second]), 1 - _CHANCE))

"""Inferred patients: scans that are probably slices of one head, by the order of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import Signatures, correlations

# On the public Brain Tumor MRI Dataset, 0.8 is reached by a third of the pairs of consecutive scans and
# by one in 200 random pairs.
NEIGHBOUR_CORRELATION = 0.8
NEXT_NUMBERS = 2
# Registered heads are all similar: neighbours must be more similar than all but this share of random
# pairs.
_CHANCE = 0.005
# If the order is meaningless, neighbours exceed that threshold no more often. It counts as meaningful
# from ten times as often.
_BEYOND_CHANCE = 10 * _CHANCE
_FEWEST_PAIRS = 3
_DRAWN_PAIRS = 4000
# Scans further apart than this number, or than a quarter of the scans, are seldom of one head.
_APART = 50


def neighbours(scans: list[LabelledScan], thumbnails: Signatures) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of scans that are numbered consecutively and are very similar.

    Data sets of slices are often numbered patient by patient without naming patients. Two files of
    one source and class whose names differ only in a number, by two at most, are taken as slices of
    one head if their correlation is at least 0.8 and higher than that of 199 in 200 pairs of files
    with distant numbers. If fewer than one in 20 neighbours, or fewer than three, are that similar,
    the order is taken as meaningless.

    Parameters
    ----------
    thumbnails
        Thumbnails of the scans, from :func:`training.grouping.copies.signatures`.
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
    """Return the positions of all pairs of sorted numbers that differ by two at most."""
    steps = range(1, NEXT_NUMBERS + 1)
    near = [np.flatnonzero(numbers[step:] - numbers[:-step] <= NEXT_NUMBERS) for step in steps]
    second = [places + step for places, step in zip(near, steps, strict=True)]
    return np.concatenate(near), np.concatenate(second)


def _numbered_alike(scans: list[LabelledScan]) -> Iterator[list[tuple[int, int]]]:
    """Yield the sorted (number, index) of the scans of each numbering.

    The names in a numbering differ only in the last number. Folders of one class share a numbering, as
    if files had been moved to a test folder, unless a number occurs twice: then each folder has its
    own. Small folders, such as one per patient, have too few pairs to estimate similarity by chance
    and are joined to one numbering with gaps.
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
    """Return the correlation that only a share ``_CHANCE`` of random pairs of these scans exceeds."""
    places = generator.integers(0, len(order), (_DRAWN_PAIRS, 2))
    apart = max(NEXT_NUMBERS, min(_APART, len(order) // 4))
    first, second = places[np.abs(places[:, 0] - places[:, 1]) > apart].T
    if not len(first):  # too few scans for an estimate
        return 1.0
    return float(np.quantile(correlations(thumbnails, order[first], order[second]), 1 - _CHANCE))

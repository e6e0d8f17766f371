"""Seeded random numbers for each purpose, so that none repeats the numbers of another."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What numbers are drawn for; those of a split are of its seed alone, or of it and 1."""

    ORDER = 2
    CHANGES = 3
    LESIONS = 4


def random_stream(purpose: Purpose, seed: int, epoch: int, place: int = 0) -> np.random.Generator:
    """Return the generator for a purpose, at a place of an epoch, each from 0 to 2^32 - 1.

    NumPy fills up what seeds a generator with zeros: (1, 2) and (1, 2, 0) are one. So the purpose
    comes before what may be left out, and there are always as many numbers.
    """
    return np.random.default_rng((seed, int(purpose), epoch, place))

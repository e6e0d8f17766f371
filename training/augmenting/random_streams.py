"""Independent seeded streams of random numbers, one for each purpose."""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """Purpose of random numbers; splits use their seed alone, or their seed and 1."""

    ORDER = 2
    CHANGES = 3
    LESIONS = 4


def random_stream(purpose: Purpose, seed: int, epoch: int, place: int = 0) -> np.random.Generator:
    """Return the generator for a purpose at a position of an epoch; all values 0 to 2^32 - 1.

    NumPy pads seeds with zeros, so that (1, 2) and (1, 2, 0) are the same seed. Therefore the purpose
    precedes the optional position, and a seed always has four numbers.
    """
    return np.random.default_rng((seed, int(purpose), epoch, place))

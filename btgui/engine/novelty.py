"""Recognises scans that are unlike those that a network was trained on.

A network assigns one of its classes to any picture: a photograph, a slice through the neck, a
sequence that it never saw. Its activations differ all the same. The *features* of a scan are
the means of each stage's activations over the picture, each stage scaled to unit length. The
training scans are summarised by *prototypes*, the centroids of clusters of their features: a
prototype stands for ten scans or more (for all of them, if there are fewer), so a model pack holds
the features of no single scan.

The novelty of a scan is the Euclidean distance of its features to the nearest prototype, divided
by a limit within which 99 % of the validation scans lie. A scan whose novelty is above 1 is
unlike the training scans.

Sources: distances between normalised features to the nearest training scans (Sun et al. 2022,
"Out-of-Distribution Detection with Deep Nearest Neighbors"); features of several stages (Lee et
al. 2018, "A Simple Unified Framework for Detecting Out-of-Distribution Samples"); a limit that new
scans of the same kind exceed with a known probability (conformal anomaly detection; Bates et al.
2023, "Testing for outliers with conformal p-values").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST_LIMIT = 1e-6  # rounding moves features by less; a novelty stays finite
FALSE_ALARMS = 0.01  # probability that a scan of the validation scans' kind counts as novel
_SMALLEST_NORM = 1e-12  # activations that are all 0 have no direction


@dataclass(frozen=True, eq=False)
class NoveltyDetector:
    """Measures how far scans lie from the training scans.

    Attributes
    ----------
    prototypes
        (k, d) centroids of the training scans' features.
    limit
        The distance above which a scan is novel, at least :data:`SMALLEST_LIMIT`.
    """

    prototypes: NDArray[np.float32]
    limit: float

    def novelty(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the (n,) novelty of scans with (n, d) features: 0 or more, novel above 1."""
        return distances(features, self.prototypes) / self.limit


def distances(
    features: NDArray[np.floating], prototypes: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the (n,) Euclidean distances of (n, d) features to the nearest of (k, d) prototypes."""
    exact, centres = features.astype(np.float64), prototypes.astype(np.float64)
    squared = (
        (exact**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)[None] - 2 * exact @ centres.T
    )
    # Rounding may leave a distance of 0 slightly below it.
    return np.asarray(np.sqrt(np.maximum(squared.min(axis=1), 0)))


def features_of(stage_means: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """Return the (n, d) features of n scans, each of length 1, from the (n, channels) means of each stage.

    A stage whose means are all 0 stays 0.
    """
    stages = [means.astype(np.float64) for means in stage_means]
    norms = [np.linalg.norm(means, axis=1, keepdims=True) for means in stages]
    scaled = [
        means / np.maximum(norm, _SMALLEST_NORM) for means, norm in zip(stages, norms, strict=True)
    ]
    return (np.concatenate(scaled, axis=1) / math.sqrt(len(scaled))).astype(np.float32)


def novelty_limit(validation: NDArray[np.floating]) -> float:
    """Return the distance that a new scan like the validation scans exceeds with probability 1 %.

    It is the smallest validation distance that at least ``(n + 1) * 0.99`` of the n distances do not
    exceed; of fewer than 99, the largest, which is exceeded with probability ``1 / (n + 1)``.

    Parameters
    ----------
    validation
        (n,) distances of scans that trained no prototype; at least one.
    """
    count = len(validation)
    rank = min(count, math.ceil((count + 1) * (1 - FALSE_ALARMS)))
    return float(np.sort(validation)[rank - 1])

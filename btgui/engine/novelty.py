"""Recognises scans that are unlike those that a network was trained on.

A network names one of its classes for any picture: a photograph, a slice through the neck, a
sequence that it never saw. What its last layer reads (the features) still tells such
pictures apart: their direction is far from that of every training scan. The training
scans are kept as *prototypes*, the centroids of clusters of their features, and not one by one: a
prototype stands for some twenty scans or more, so a model pack holds no features of a single patient.

The novelty of a scan is the Euclidean distance of its features, scaled to unit length, to the
nearest prototype, divided by a limit that 99 % of the validation scans lie within. Above 1, the
scan is unlike the training scans.

Sources: distances to the nearest training scans between normalised features of the last layer but one
(Sun et al. 2022, "Out-of-Distribution Detection with Deep Nearest Neighbors"); a limit that
scans like those of the validation part exceed with a known probability (conformal anomaly
detection; Bates et al. 2023, "Testing for outliers with conformal p-values").
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FALSE_ALARMS = 0.01  # share of scans like the validation scans that are taken for novel
_SMALLEST_NORM = 1e-12  # of features that are all 0: they have no direction


@dataclass(frozen=True, eq=False)
class NoveltyDetector:
    """Measures how far scans lie from the training scans.

    Attributes
    ----------
    prototypes
        (k, d) centroids of the training scans' features at unit length; each is at most 1 long.
    limit
        The distance from which on a scan is novel, above 0.
    """

    prototypes: NDArray[np.float32]
    limit: float

    def novelty(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return (n,) novelties of (n, d) features: 0 or more, novel above 1."""
        return distances(features, self.prototypes) / self.limit


def distances(
    features: NDArray[np.floating], prototypes: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return the distance of (n, d) features, at unit length, to the nearest of (k, d) prototypes."""
    directions, centres = unit_length(features), prototypes.astype(np.float64)
    squared = (
        (directions**2).sum(axis=1)[:, None]
        + (centres**2).sum(axis=1)[None]
        - 2 * directions @ centres.T
    )
    # Rounding may leave a distance of 0 slightly below it.
    return np.asarray(np.sqrt(np.maximum(squared.min(axis=1), 0)))


def unit_length(features: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return (n, d) features scaled to unit length; those that are all 0 stay 0."""
    exact = features.astype(np.float64)
    norms = np.linalg.norm(exact, axis=1, keepdims=True)
    return np.asarray(exact / np.maximum(norms, _SMALLEST_NORM))


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

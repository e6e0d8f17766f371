"""Where the cells of a feature map lie on the network's input."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_MOST_CELLS = 2048  # as many as the pixels of the largest input


@dataclass(frozen=True)
class GridAxis:
    """The cells along one side of the input, whose length is 1.

    Attributes
    ----------
    first
        Centre of the first cell: of what it sees of the input, not of an even share of it.
    step
        Distance between the centres of neighbouring cells.
    count
        Number of cells.
    """

    first: float
    step: float
    count: int

    def __post_init__(self) -> None:
        """Refuse numbers that no network can have, such as from a damaged file.

        Raises
        ------
        ValueError
            A number is not finite or out of range.
        """
        if not (type(self.count) is int and 0 < self.count <= _MOST_CELLS):
            raise ValueError(f"expected 1 to {_MOST_CELLS} cells, received {self.count!r:.20}")
        if not (0 < float(self.step) < inf and isfinite(float(self.first))):
            raise ValueError(
                f"expected a finite centre and a step above 0, received {self.first!r:.20} and "
                f"{self.step!r:.20}"
            )
        middles = self.first, self.first + self.step * (self.count - 1)
        if not all(-1 <= middle <= 2 for middle in middles):  # noqa: PLR2004  (far outside)
            raise ValueError("expected cells near the input")

    @classmethod
    def even(cls, count: int) -> GridAxis:
        """Return cells that divide the side evenly."""
        return cls(0.5 / count, 1 / count, count)

    def centres(self) -> NDArray[np.float64]:
        """Return the centre of each cell; (count,)."""
        return np.asarray(self.first + self.step * np.arange(self.count), np.float64)

    def interpolation(self, length: int) -> NDArray[np.float32]:
        """Return the weight of each cell in each of ``length`` pixels; (length, count).

        Linear between the centres of cells; beyond the outer ones, the outer cell alone counts.
        """
        places = ((np.arange(length) + 0.5) / length - self.first) / self.step
        places = np.clip(places, 0, self.count - 1)
        lower = np.minimum(places.astype(int), max(0, self.count - 2))
        share = places - lower
        weights = np.zeros((length, self.count), np.float32)
        pixels = np.arange(length)
        weights[pixels, np.minimum(lower + 1, self.count - 1)] = share
        weights[pixels, lower] += np.float32(1) - share.astype(np.float32)
        return weights

    def averaging(self, length: int) -> NDArray[np.float32]:
        """Return the weight of each of ``length`` pixels in the mean over each cell; (count, length).

        A cell reaches half-way to its neighbours, an outer one to the border of the input.
        """
        centres = self.centres()
        edges = np.concatenate([[0.0], (centres[:-1] + centres[1:]) / 2, [1.0]]).clip(0, 1)
        pixels = np.arange(length + 1) / length
        covered = np.minimum(edges[1:, None], pixels[1:]) - np.maximum(
            edges[:-1, None], pixels[:-1]
        )
        weights = np.maximum(covered, 0)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class FeatureGrid:
    """The cells of a feature map in both directions."""

    rows: GridAxis
    columns: GridAxis

    @classmethod
    def even(cls, shape: tuple[int, int]) -> FeatureGrid:
        """Return (rows, columns) cells that divide the input evenly."""
        return cls(GridAxis.even(shape[0]), GridAxis.even(shape[1]))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> FeatureGrid:
        """Read a grid from plain JSON values.

        Raises
        ------
        TypeError, KeyError, ValueError
            The values are not those of a grid.
        """
        return cls(GridAxis(**values["rows"]), GridAxis(**values["columns"]))

    @property
    def shape(self) -> tuple[int, int]:
        """The number of (rows, columns)."""
        return self.rows.count, self.columns.count

    def enlarged(
        self, feature_map: NDArray[np.float32], shape: tuple[int, int]
    ) -> NDArray[np.float32]:
        """Return a map of this grid over the whole input at (height, width) pixels, bilinear."""
        height, width = shape
        values = feature_map.astype(np.float32)
        if self == FeatureGrid.even(self.shape):  # the same in a quarter of the time
            return np.asarray(cv2.resize(values, (width, height)), np.float32)
        down, across = self.rows.interpolation(height), self.columns.interpolation(width)
        return np.asarray(down @ values @ across.T, np.float32)

    def reduced(self, picture: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the mean of a (height, width) picture of the whole input over each cell."""
        height, width = picture.shape
        down, across = self.rows.averaging(height), self.columns.averaging(width)
        return np.asarray(down @ picture @ across.T, np.float32)

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a cell as shares of the input's (height, width), 0 to 1.

        The centre of an outer cell can lie outside the input, which it sees only partly; then it is
        the nearest place on the border.
        """
        down, across = self.rows.centres()[row], self.columns.centres()[column]
        return float(np.clip(down, 0, 1)), float(np.clip(across, 0, 1))

"""How a picture is turned and mirrored for the reader; the scan itself stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import Edges

_QUARTERS = 4


@dataclass(frozen=True)
class PictureTurn:
    """First mirrored left to right or not, then turned clockwise by quarters.

    The eight ways in which a picture can lie on a screen are the eight values of this class.
    """

    mirrored: bool = False
    quarters: int = 0

    def __post_init__(self) -> None:
        if self.quarters not in range(_QUARTERS):
            raise ValueError(f"expected 0 to 3 quarters, received {self.quarters}")

    def rotated(self) -> PictureTurn:
        """Return this, turned once more by 90° clockwise as it is seen."""
        return PictureTurn(self.mirrored, (self.quarters + 1) % _QUARTERS)

    def flipped_across(self) -> PictureTurn:
        """Return this with left and right exchanged as they are seen."""
        # A mirror after a turn is the opposite turn after the mirror.
        return PictureTurn(not self.mirrored, -self.quarters % _QUARTERS)

    def flipped_down(self) -> PictureTurn:
        """Return this with top and bottom exchanged as they are seen."""
        return PictureTurn(not self.mirrored, (2 - self.quarters) % _QUARTERS)

    def matrix(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return rows ((xx, xy), (yx, yy)): seen x = xx * x + xy * y, seen y likewise."""
        xx, xy, yx, yy = (-1 if self.mirrored else 1), 0, 0, 1
        for _ in range(self.quarters):  # (x, y) goes to (-y, x): clockwise where y points down
            xx, xy, yx, yy = -yx, -yy, xx, xy
        return (xx, xy), (yx, yy)

    def applied_to(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Return a picture, (height, width) or (height, width, colours), turned like this."""
        seen = pixels[:, ::-1] if self.mirrored else pixels
        return np.rot90(seen, -self.quarters)

    def edges(self, edges: Edges) -> Edges:
        """Return the letters at the edges as they are seen after the turn."""
        left, top, right, bottom = edges.left, edges.top, edges.right, edges.bottom
        if self.mirrored:
            left, right = right, left
        for _ in range(self.quarters):
            left, top, right, bottom = bottom, left, top, right
        return Edges(left, right, top, bottom)

    def words(self) -> str:
        """Return what was done, for the reader: "mirrored, turned 90°"; "" where nothing was."""
        parts = ["mirrored"] if self.mirrored else []
        if self.quarters:
            parts.append(f"turned {90 * self.quarters}°")
        return ", ".join(parts)

"""Rotation and mirroring of an image on display; the scan itself stays unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import Edges

_QUARTERS = 4


@dataclass(frozen=True)
class PictureTurn:
    """An image mirrored left to right, or not, then rotated clockwise by quarter turns.

    Its eight values are the eight ways in which an image can be oriented on a screen.
    """

    mirrored: bool = False
    quarters: int = 0

    def __post_init__(self) -> None:
        if self.quarters not in range(_QUARTERS):
            raise ValueError(f"expected 0 to 3 quarters, received {self.quarters}")

    def rotated(self) -> PictureTurn:
        """Return this turn followed by a rotation by 90° clockwise as seen on the screen."""
        return PictureTurn(self.mirrored, (self.quarters + 1) % _QUARTERS)

    def flipped_across(self) -> PictureTurn:
        """Return this turn followed by an exchange of left and right as seen on the screen."""
        # Mirroring after a rotation equals the opposite rotation after mirroring.
        return PictureTurn(not self.mirrored, -self.quarters % _QUARTERS)

    def flipped_down(self) -> PictureTurn:
        """Return this turn followed by an exchange of top and bottom as seen on the screen."""
        return PictureTurn(not self.mirrored, (2 - self.quarters) % _QUARTERS)

    def matrix(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return rows ((xx, xy), (yx, yy)) of the turn: x on screen = xx * x + xy * y, y likewise."""
        xx, xy, yx, yy = (-1 if self.mirrored else 1), 0, 0, 1
        for _ in range(self.quarters):  # (x, y) goes to (-y, x): clockwise where y points down
            xx, xy, yx, yy = -yx, -yy, xx, xy
        return (xx, xy), (yx, yy)

    def applied_to(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Return an image, (height, width) or (height, width, colours), after the turn."""
        seen = pixels[:, ::-1] if self.mirrored else pixels
        return np.rot90(seen, -self.quarters)

    def edges(self, edges: Edges) -> Edges:
        """Return the orientation letters at the edges after the turn."""
        left, top, right, bottom = edges.left, edges.top, edges.right, edges.bottom
        if self.mirrored:
            left, right = right, left
        for _ in range(self.quarters):
            left, top, right, bottom = bottom, left, top, right
        return Edges(left, right, top, bottom)

    def words(self) -> str:
        """Return the turn in words: "mirrored, rotated 90°"; "" for the picture as stored."""
        parts = ["mirrored"] if self.mirrored else []
        if self.quarters:
            parts.append(f"rotated {90 * self.quarters}°")
        return ", ".join(parts)

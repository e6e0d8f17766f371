"""The line below a scan: its size, its window and the value under the cursor."""

from __future__ import annotations

import math

from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import Point
from btgui.engine.scan import LOOKUP_TABLE, Scan
from btgui.views.text import grey_number, window_numbers
from btgui.views.widgets.elided_label import ElidedLabel


class Readout(ElidedLabel):
    """States a scan's size and window, and one value."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "quiet")

    def tell(self, scan: Scan, greys: Greys, cursor: Point | None = None) -> None:
        """State them; a cursor (x, y in pixels of the scan) outside of the scan has no value."""
        height, width = scan.shape
        value = "" if cursor is None else _value(scan, cursor)
        (window_width, centre), curve = window_numbers(greys.window), greys.curve(scan)
        shown = f"window {window_width}, centre {centre}"
        if curve:
            shown = curve if curve == LOOKUP_TABLE else f"{shown}, {curve}"
        self.setText(f" {width} x {height}   {shown}   {value}")


def _value(scan: Scan, cursor: Point) -> str:
    column, row = math.floor(cursor[0]), math.floor(cursor[1])
    height, width = scan.shape
    if not (0 <= row < height and 0 <= column < width):
        return ""
    return f"({column}, {row}): {grey_number(scan.values[row, column])}"

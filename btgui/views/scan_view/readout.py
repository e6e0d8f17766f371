"""The line below a scan with its size and the pixel value under the cursor."""

from __future__ import annotations

import math

from btgui.engine.pictures.measurement import Point
from btgui.engine.scan import Scan
from btgui.views.text import grey_number
from btgui.views.widgets.elided_label import ElidedLabel


class Readout(ElidedLabel):
    """Shows the size of a scan and a pixel value."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "quiet")

    def tell(self, scan: Scan, cursor: Point | None = None) -> None:
        """Show the size and, if the cursor (x, y in scan pixels) is on the scan, the value there."""
        height, width = scan.shape
        value = "" if cursor is None else _value(scan, cursor)
        self.setText(f" {width} x {height}   {value}")


def _value(scan: Scan, cursor: Point) -> str:
    column, row = math.floor(cursor[0]), math.floor(cursor[1])
    height, width = scan.shape
    if not (0 <= row < height and 0 <= column < width):
        return ""
    return f"({column}, {row}): {grey_number(scan.values[row, column])}"

"""A scan as the reader has it on the screen, for whatever is made of it elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.pictures.window_level import apply_window
from btgui.engine.reading_words import grey_number
from btgui.engine.scan import LOOKUP_TABLE, Scan, Window


@dataclass(frozen=True, eq=False)
class ShownScan:
    """A scan and how the reader sees it.

    Attributes
    ----------
    window
        The display window, in the scan's values.
    as_file
        Whether the greys are those that the file asks for; then ``window`` is the file's.
    inverted
        Whether the reader exchanged black and white.
    measurements
        In pixels of the scan as stored.
    patient_visible
        Whether the patient may be named.
    """

    scan: Scan
    window: Window
    as_file: bool
    inverted: bool
    turn: PictureTurn
    measurements: tuple[Measurement, ...]
    patient_visible: bool

    def grey(self) -> NDArray[np.uint8]:
        """Return the (height, width) greys that are seen, not turned."""
        scan = self.scan
        grey = scan.grey
        if not self.as_file:
            grey = apply_window(scan.values, self.window)
            grey = 255 - grey if scan.inverted else grey
        return 255 - grey if self.inverted else grey

    def window_words(self) -> str:
        """Return the window and what was done to the picture, in words."""
        curve = self.scan.curve if self.as_file else ""
        numbers = (
            f"width {grey_number(self.window.width)}, centre {grey_number(self.window.centre)}"
        )
        if curve:
            numbers = curve if curve == LOOKUP_TABLE else f"{numbers}, {curve}"
        done = [numbers, "as the file" if self.as_file else "chosen by the reader"]
        done += ["inverted"] if self.inverted else []
        done += [words] if (words := self.turn.words()) else []
        return ", ".join(done)

    def measured(self) -> tuple[str, ...]:
        """Return what is measured, in words."""
        return tuple(one.text(self.scan.spacing_mm) for one in self.measurements)

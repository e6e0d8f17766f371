"""A scan as displayed to the reader, for use in reports and exports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.pictures.window_level import apply_window, with_black_padding
from btgui.engine.reading_words import window_words
from btgui.engine.scan import LOOKUP_TABLE, Scan


@dataclass(frozen=True, eq=False)
class ShownScan:
    """A scan and the way in which it is displayed.

    Attributes
    ----------
    measurements
        Measurements in pixels of the scan as stored.
    patient_visible
        Whether the patient may be named.
    """

    scan: Scan
    greys: Greys
    turn: PictureTurn
    measurements: tuple[Measurement, ...]
    patient_visible: bool

    def grey(self) -> NDArray[np.uint8]:
        """Return the displayed grey levels, (height, width), without rotation and mirroring."""
        scan, greys = self.scan, self.greys
        grey = scan.grey
        if not greys.as_file:
            grey = apply_window(scan.values, greys.window)
            grey = 255 - grey if scan.inverted else grey
            grey = with_black_padding(grey, scan.values, scan.padding)
        return 255 - grey if greys.inverted else grey

    def window_words(self) -> str:
        """Return the window, its origin, and any inversion, mirroring or rotation, in words."""
        numbers, curve = window_words(self.greys.window), self.greys.curve(self.scan)
        if curve:
            numbers = curve if curve == LOOKUP_TABLE else f"{numbers}, {curve}"
        done = [numbers, "from the file" if self.greys.as_file else "chosen by the reader"]
        done += ["inverted"] if self.greys.inverted else []
        done += [words] if (words := self.turn.words()) else []
        return ", ".join(done)

    def measured(self) -> tuple[str, ...]:
        """Return the measurements in words."""
        scan = self.scan
        return tuple(one.text(scan.spacing_mm, scan.pixel_aspect) for one in self.measurements)

"""Brightness and contrast that scans of different values can share."""

from __future__ import annotations

from dataclasses import dataclass

from btgui.engine.pictures.presets import first_window
from btgui.engine.scan import Scan, Window


@dataclass(frozen=True)
class Contrast:
    """A window beside the one that its scan opens with: MRI values have no common unit.

    Attributes
    ----------
    shift
        Of the centre, in widths of the first window.
    factor
        Of the width.
    linear
        Whether values are drawn linearly through that window; else as the file says, which
        may be a curve or a table.
    """

    shift: float = 0.0
    factor: float = 1.0
    linear: bool = False


def contrast_of(scan: Scan, window: Window) -> Contrast:
    """Return how a window differs from the one that the scan opens with."""
    first = first_window(scan)
    if first.width <= 0:
        return Contrast()
    return Contrast((window.centre - first.centre) / first.width, window.width / first.width)


def window_for(scan: Scan, contrast: Contrast) -> Window:
    """Return the window that differs as much from the one that the scan opens with."""
    first = first_window(scan)
    return Window(first.centre + contrast.shift * first.width, first.width * contrast.factor)

"""Brightness and contrast that scans with different value ranges can share."""

from __future__ import annotations

from dataclasses import dataclass

from btgui.engine.pictures.presets import first_window
from btgui.engine.scan import Scan, Window


@dataclass(frozen=True)
class Contrast:
    """A window relative to the one its scan opens with, because MRI values have no common unit.

    Attributes
    ----------
    shift
        Shift of the centre, in widths of the scan's first window.
    factor
        Factor of the width.
    linear
        Whether values are mapped linearly through the window; otherwise as the file specifies,
        which may be a sigmoid curve or a lookup table.
    """

    shift: float = 0.0
    factor: float = 1.0
    linear: bool = False


def contrast_of(scan: Scan, window: Window) -> Contrast:
    """Return a window as the difference from the one that the scan opens with."""
    first = first_window(scan)
    if first.width <= 0:
        return Contrast()
    return Contrast((window.centre - first.centre) / first.width, window.width / first.width)


def window_for(scan: Scan, contrast: Contrast) -> Window:
    """Return the window that differs by ``contrast`` from the one that the scan opens with."""
    first = first_window(scan)
    return Window(first.centre + contrast.shift * first.width, first.width * contrast.factor)

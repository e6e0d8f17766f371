"""One window for a whole series whose headers state none.

With a window per slice, brightness would jump from slice to slice, and the network would read
each slice through a different window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ScanError
from btgui.engine.pictures.window_level import window_of_percentiles, without_padding
from btgui.engine.scan import PERCENTILES_SOURCE, Scan, ScanAddress, Window
from btgui.engine.scan_source import read_scan

_SLICES = 16
_VALUES = 131_072  # per slice; two million in total, as for a NIfTI volume


def window_of_series(
    addresses: Sequence[ScanAddress], is_wanted: Callable[[], bool] = lambda: True
) -> Window | None:
    """Return the 0.5th to 99.5th percentile of some slices, evenly spread over the series.

    The result is deterministic, so that the display and the network's process, which compute it
    independently, agree.

    Parameters
    ----------
    addresses
        Slices in the order of the series.
    is_wanted
        Called before each slice is read; once it returns False, the result is meaningless.

    Returns
    -------
    Window or None
        None where the header, or the file format, already defines the window; where none of the
        slices can be read; and for fewer than two slices, which need no common window.
    """
    if len(addresses) < 2:  # noqa: PLR2004  (a series)
        return None
    sampled = []
    for index in _spread(len(addresses)):
        if not is_wanted():
            return None
        try:
            scan = read_scan(addresses[index])
        except ScanError:
            continue  # reported when the slice itself is shown or read
        if scan.file_format == "DICOM" and scan.window is None:
            continue  # a colour image, such as a screenshot among the slices, needs no window
        if scan.file_format != "DICOM" or scan.window_source != PERCENTILES_SOURCE:
            return None
        sampled.append(_sample(scan))
    return window_of_percentiles(np.concatenate(sampled)) if sampled else None


def _spread(count: int) -> list[int]:
    """Return evenly spread indexes into ``count`` slices, including the first and the last."""
    places = np.linspace(0, count - 1, min(count, _SLICES))
    return [round(place) for place in places.tolist()]


def _sample(scan: Scan) -> NDArray[np.float32]:
    values = without_padding(scan.values, scan.padding).ravel()
    return values[:: max(1, -(-values.size // _VALUES))]

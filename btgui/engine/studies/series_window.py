"""One window for a whole series whose headers give none.

A window for each slice would make brightness jump from slice to slice, and have the network
read each under a window of its own.
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
_VALUES = 131_072  # of each: two million in all, as of a volume


def window_of_series(
    addresses: Sequence[ScanAddress], is_wanted: Callable[[], bool] = lambda: True
) -> Window | None:
    """Return the 0.5th to 99.5th percentile of some slices, evenly spread over the series.

    It is the same whoever asks: the screen and the network's process ask for themselves.

    Parameters
    ----------
    addresses
        In the order of the series.
    is_wanted
        Asked before each slice is read; where it says no, what is returned is of no use.

    Returns
    -------
    Window or None
        None where slices have a window by their own header, or their file by other rules;
        where none of the slices can be read; and of fewer than two, which need no other
        window than their own.
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
            continue  # it is told of where it is shown and read
        if scan.file_format == "DICOM" and scan.window is None:
            continue  # in colours: a screenshot among the slices, which needs no window
        if scan.file_format != "DICOM" or scan.window_source != PERCENTILES_SOURCE:
            return None
        sampled.append(_sample(scan))
    return window_of_percentiles(np.concatenate(sampled)) if sampled else None


def _spread(count: int) -> list[int]:
    """Return some indexes of so many, from the first to the last."""
    places = np.linspace(0, count - 1, min(count, _SLICES))
    return [round(place) for place in places.tolist()]


def _sample(scan: Scan) -> NDArray[np.float32]:
    values = without_padding(scan.values, scan.padding).ravel()
    return values[:: max(1, -(-values.size // _VALUES))]

"""Window presets that the reader can choose with one key: the file's own and a few computed ones."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.pictures.window_level import (
    full_range,
    window_of_header,
    window_of_percentiles,
    without_padding,
)
from btgui.engine.scan import Scan, Window

_LARGEST = 1e39  # values are float32
_FINEST = 1e-9  # relative to the centre: a narrower window vanishes in floating-point numbers
_SOFT, _NARROW = 1.5, 0.5  # times the automatic window's width
_SAMPLE = 1024  # pixels per side: in larger images, percentiles are taken over every n-th pixel
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class WindowPreset:
    """A window with its internal name, its label and the rule by which it is computed."""

    name: str
    label: str
    rule: str
    window: Window


def window_presets(scan: Scan) -> tuple[WindowPreset, ...]:
    """Return the window presets of a scan, beginning with the one that the scan opens with.

    MRI has no absolute units, so there is no "brain window" of fixed numbers as in CT: "soft"
    and "narrow" are the automatic window, 1.5 times or half as wide. Padding values are
    ignored in all of them.
    """
    automatic = window_of_percentiles(without_padding(_sample(scan.values), scan.padding))
    full = full_range(without_padding(scan.values, scan.padding))
    return (
        *_of_the_file(scan),
        WindowPreset(
            "automatic", "Automatic", "0.5th to 99.5th percentile of the values", automatic
        ),
        WindowPreset("full", "Full range", "Lowest to highest value", full),
        WindowPreset("soft", "Soft", "Automatic, 1.5 times as wide", _scaled(automatic, _SOFT)),
        WindowPreset(
            "narrow", "Brain, narrow", "Automatic, half as wide", _scaled(automatic, _NARROW)
        ),
    )


def first_window(scan: Scan) -> Window:
    """Return the window that a scan opens with: its own, or all 256 grey levels of an 8-bit picture.

    Where the window of a damaged header is not drawable, the range of the values is used.
    """
    window = scan.window or Window(127.5, 255.0)
    if is_drawable(window):
        return window
    return full_range(without_padding(scan.values, scan.padding))


def is_drawable(window: Window) -> bool:
    """Whether values can be mapped through a window; width 0 is a threshold."""
    narrow = _FINEST * abs(window.centre)
    return (
        abs(window.centre) < _LARGEST  # false for NaN
        and (window.width == 0 or narrow <= window.width < _LARGEST)
    )


def header_windows(header: Mapping[str, str]) -> tuple[tuple[str, Window], ...]:
    """Return the explanation, "" if there is none, and window of each VOI window in a DICOM header.

    Windows of the LINEAR function become linear ranges as in DICOM PS3.3 C.11.2.1.2.1; impossible
    windows are omitted.

    Parameters
    ----------
    header
        Elements as in :attr:`~btgui.engine.scan.Scan.header`.
    """
    by_keyword = {key.split(" ")[0]: text for key, text in header.items()}
    centres, widths = (
        [float(number) for number in _NUMBER.findall(by_keyword.get(keyword, ""))]
        for keyword in ("WindowCenter", "WindowWidth")
    )
    words = re.split(r"\\|, ", by_keyword.get("WindowCenterWidthExplanation", "").strip("[]"))
    words += [""] * (len(centres) - len(words))
    function = by_keyword.get("VOILUTFunction", "LINEAR")
    return tuple(
        (word.strip(" '\""), window)
        for centre, width, word in zip(centres, widths, words, strict=False)
        if (window := window_of_header(centre, width, function)) is not None
    )


def _of_the_file(scan: Scan) -> tuple[WindowPreset, ...]:
    first = WindowPreset("file", "From file", scan.window_source, first_window(scan))
    further = () if scan.window is None else header_windows(scan.header)[1:]
    return (
        first,
        *(
            WindowPreset(
                f"file_{number}",
                f"From file, {number}",
                f"Window {number} of the header" + (f": {words}" if words else ""),
                window,
            )
            for number, (words, window) in enumerate(further, start=2)
        ),
    )


def _sample(values: NDArray[np.float32]) -> NDArray[np.float32]:
    step = math.ceil(max(values.shape) / _SAMPLE)
    return values[::step, ::step]


def _scaled(window: Window, factor: float) -> Window:
    return Window(window.centre, window.width * factor)

"""Overlaying heatmaps on scans, and writing pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from btgui.engine.disk.files import not_written, replacing
from btgui.engine.errors import ExportError
from btgui.engine.geometry import Edges

_LETTERS, _SHADOW = (230, 180, 80), (0, 0, 0)  # RGB
_PIXELS_OF_LETTERS = 550  # side of the picture for which letters have the font's base size
_SMALLEST_LETTERS = 0.4  # times the base size; smaller letters would be illegible
_AT_ONCE = 100_000  # pixels blended at once, few enough to stay in the processor's cache

# Name to label; the first is the default. Jet is common in the literature, although it shows
# bands where there are none (Borland and Taylor 2007).
COLOUR_MAPS = {
    "inferno": "Inferno",
    "viridis": "Viridis",
    "magma": "Magma",
    "cividis": "Cividis",
    "jet": "Jet",
}


@cache
def colour_table(name: str) -> NDArray[np.uint8]:
    """Return a colour map as (256, 3) uint8 RGB.

    Raises
    ------
    ValueError
        The name is not one of :data:`COLOUR_MAPS`.
    """
    if name not in COLOUR_MAPS:
        raise ValueError(f"expected a colour map among {', '.join(COLOUR_MAPS)}, received {name!r}")
    code = getattr(cv2, f"COLORMAP_{name.upper()}")
    greys = np.arange(256, dtype=np.uint8)
    table = np.ascontiguousarray(cv2.applyColorMap(greys, code)[:, 0, ::-1], np.uint8)
    table.flags.writeable = False  # shared by all callers
    return table


def heatmap_overlay(
    grey: NDArray[np.uint8],
    on_scan: NDArray[np.float32],
    colour_map: str = "inferno",
    opacity: float = 0.5,
) -> NDArray[np.uint8]:
    """Overlay a heatmap on a scan.

    The opacity scales with the heatmap's own strength, so that the scan stays legible where
    there is no evidence.

    Parameters
    ----------
    grey
        (height, width) uint8.
    on_scan
        (height, width) float32, 0 to 1; NaN outside the network's input.
    opacity
        0 (scan only) to 1.

    Returns
    -------
    (height, width, 3) uint8 RGB.
    """
    blended = np.empty((*grey.shape, 3), np.uint8)
    tables = np.ascontiguousarray(colour_table(colour_map).T, np.float32)
    rows = max(1, _AT_ONCE // grey.shape[1])
    for top in range(0, len(grey), rows):
        band = slice(top, top + rows)
        heat = np.minimum(np.fmax(on_scan[band], 0), 1)  # fmax turns NaN into 0
        places = np.rint(heat * 255).astype(np.uint8)
        alpha = opacity * np.sqrt(heat)
        seen_through = grey[band] * (1 - alpha)
        for channel, table in enumerate(tables):  # one by one and in place: fast enough for the GUI
            shade = cv2.LUT(places, table)
            shade *= alpha
            shade += seen_through
            blended[band, :, channel] = np.rint(shade, out=shade)
    return blended


def lettered(rgb: NDArray[np.uint8], edges: Edges) -> NDArray[np.uint8]:
    """Return a (height, width, 3) picture with orientation letters drawn at its four edges."""
    picture = np.ascontiguousarray(rgb).copy()
    height, width = picture.shape[:2]
    scale = max(_SMALLEST_LETTERS, min(height, width) / _PIXELS_OF_LETTERS)
    bold, margin = max(1, round(2 * scale)), max(2, round(8 * scale))
    for text, across, down in (
        (edges.left, 0.0, 0.5),
        (edges.right, 1.0, 0.5),
        (edges.top, 0.5, 0.0),
        (edges.bottom, 0.5, 1.0),
    ):
        (long, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, bold)
        left = margin + round(across * (width - 2 * margin - long))
        base = margin + high + round(down * (height - 2 * margin - high))
        for colour, thickness in ((_SHADOW, bold + 2), (_LETTERS, bold)):
            cv2.putText(
                picture,
                text,
                (left, base),
                cv2.FONT_HERSHEY_SIMPLEX,
                scale,
                colour,
                thickness,
                cv2.LINE_AA,
            )
    return picture


def write_picture(file: Path, rgb: NDArray[np.uint8]) -> None:
    """Write a (height, width, 3) uint8 picture in the format of the file's extension.

    Replaces ``file`` without asking: the caller has asked.

    Raises
    ------
    ExportError
        The extension is not that of a picture, or the file cannot be written.
    """
    try:
        with replacing(file) as temporary:
            Image.fromarray(rgb).save(temporary)
    except ValueError as error:
        raise ExportError(
            f"{file.name} is not a name for a picture. End it in .png or .jpg."
        ) from error
    except OSError as error:
        raise not_written(file, error) from error

"""Experts' tumour outlines: the table of their masks, and masks on the network's crop."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from btgui.engine.counting import all_of
from btgui.engine.datasets.table import is_table, read_rows
from btgui.engine.errors import DatasetError
from btgui.engine.image_source import MAXIMUM_PIXELS
from btgui.engine.one_line import one_line
from btgui.engine.preprocessing import CropBox

# Label masks hold small numbers, drawn masks grey levels.
_LAST_LABEL = 15


def read_masks(
    table: Path, datasets: Iterable[Path], say: Callable[[str], None] = lambda _sentence: None
) -> dict[Path, Path]:
    """Return the mask file of each scan file (resolved path) in a table; of several, the first.

    Parameters
    ----------
    table
        Table for :func:`read_image_column` with the column ``mask`` (paths relative to the CSV's
        folder).
    say
        Called with a sentence on rows that give no outline.

    Raises
    ------
    DatasetError
        As :func:`read_image_column`, or none of the masks exists.
    """
    rows = read_image_column(table, "mask", datasets)
    found: dict[Path, Path] = {}
    strangers = seconds = 0
    unfound = []
    for scan, cell in rows:
        mask = table.parent / cell
        if scan is None:
            strangers += 1
        elif not _is_file(mask):
            unfound.append(cell)
        elif found.setdefault(scan, mask) != mask:
            seconds += 1
    if not found:
        raise DatasetError(
            f"No mask that {table.name} names for scans of the data sets exists. Expected paths "
            f"relative to {table.parent} in the column mask, received {_received(unfound)}."
        )
    reasons = [
        f"{count:,} {words}"
        for count, words in (
            (strangers, "name no scan of the data sets"),
            (len(unfound), "name no mask that exists"),
            (seconds, "name a second mask of a scan"),
        )
        if count
    ]
    if reasons:
        say(f"Of {len(rows):,} rows in {table.name}, {all_of(reasons)}: these give no outline.")
    return found


def read_image_column(
    table: Path, column: str, datasets: Iterable[Path]
) -> list[tuple[Path | None, str]]:
    """Read the scans and one further column of a table.

    Parameters
    ----------
    table
        CSV (UTF-8; commas, semicolons or tabs) with the column ``image``: paths relative to one of
        the data sets' folders or, for a data set that is a CSV, to the CSV's folder.
    column
        Name of the further column.

    Returns
    -------
    For each row, the scan's resolved path, None if it is in none of the data sets, and the cell, ""
    if the row is too short.

    Raises
    ------
    DatasetError
        As :func:`btgui.engine.datasets.table.read_rows`, or none of the scans is in the data sets.
    """
    roots = [(place.parent if is_table(place) else place).resolve() for place in datasets]
    rows: list[tuple[Path | None, str]] = []
    named = []
    for _, row in read_rows(table, ("image", column)):
        named.append(row.get("image", ""))
        files = (root / named[-1] for root in roots)
        scans = [file.resolve() for file in files if _is_file(file)]
        cell = row.get(column, "")
        rows += [(scan, cell) for scan in scans] or [(None, cell)]
    if not any(scan for scan, _ in rows):
        raise DatasetError(
            f"No scan named in {table.name} is in the data sets. Expected paths relative to "
            f"{all_of(list(dict.fromkeys(map(str, roots))))} in the column image, received "
            f"{_received(named)}."
        )
    return rows


def _received(cells: list[str]) -> str:
    """Return the first path of a column for a message."""
    first = next(filter(None, cells), "")
    return f"{one_line(first)!r}, for example" if first else "none"


def mask_on_scan(mask_file: Path, scan_shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Read a mask and resize it to ``scan_shape``; 0 to 255, with intermediate values at its edge.

    A mask may hold labels (0 for background, up to 15 for the parts of a tumour) or, at any depth, be
    bright in the tumour: pixels above half the maximum are then inside.

    Raises
    ------
    DatasetError
        The file is not an image, or has more than 64 megapixels.
    """
    mask = _picture(mask_file)
    if mask is None:
        raise DatasetError(
            f"The tumour mask {mask_file.name} cannot be read as a picture of at most "
            f"{MAXIMUM_PIXELS / 1e6:.0f} million pixels. Copy or export it again, or remove it from the "
            f"table of masks."
        )
    brightest = float(mask.max())
    threshold = 0.0 if brightest <= _LAST_LABEL else brightest / 2
    drawn = (mask > threshold) * np.uint8(255)
    height, width = scan_shape
    return np.asarray(cv2.resize(drawn, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def mask_on_crop(
    mask_file: Path, box: CropBox, scan_shape: tuple[int, int], size: int
) -> NDArray[np.uint8]:
    """Return :func:`mask_on_scan` cropped and resized, with the same errors; (size, size), 0 or 255."""
    crop = mask_on_scan(mask_file, scan_shape)[box.slices]
    resized = cv2.resize(np.ascontiguousarray(crop), (size, size), interpolation=cv2.INTER_LINEAR)
    return np.where(resized > 127, 255, 0).astype(np.uint8)  # noqa: PLR2004 (half of 255)


def _is_file(file: Path) -> bool:
    return os.path.isfile(file)  # noqa: PTH113  (Path's raises where the name is impossible)


def _picture(file: Path) -> NDArray[Any] | None:
    """Return a grey image of any depth; None if the file is no image or has too many pixels."""
    # Decoded from memory: OpenCV opens only ASCII paths on Windows.
    try:
        content = file.read_bytes()
    except OSError:
        return None
    kind = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
    try:
        readable = bool(content) and not _is_too_large(content)
        return cv2.imdecode(np.frombuffer(content, np.uint8), kind) if readable else None
    except cv2.error:  # the header declares more pixels than OpenCV reads
        return None


def _is_too_large(content: bytes) -> bool:
    """Whether the header declares more pixels than a scan may have, which OpenCV decodes slowly."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.width * image.height > MAXIMUM_PIXELS
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001  (OpenCV may read files that Pillow does not)
        return False

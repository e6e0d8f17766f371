"""Expert tumour outlines: which scan has one, and how it looks on the network's crop."""

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

from btgui.engine.datasets.table import columns_in_words, is_table, read_cells
from btgui.engine.errors import DatasetError
from btgui.engine.image_source import MAXIMUM_PIXELS
from btgui.engine.preprocessing import CropBox

# Label masks hold small numbers, drawn ones grey values.
_LAST_LABEL = 15


def read_masks(
    table: Path, datasets: Iterable[Path], say: Callable[[str], None] = lambda _sentence: None
) -> dict[Path, Path]:
    """Map scan files, links followed, to mask files.

    Parameters
    ----------
    table
        As :func:`read_image_column` takes it, with the column ``mask`` (relative to the
        CSV's folder).
    say
        Is told how many rows give no outline.

    Raises
    ------
    DatasetError
        The table cannot be read, lacks a column, or none of its scans is in the data sets,
        or none of their masks is there.
    """
    if not table.is_file():
        raise DatasetError(f"Expected a CSV of tumour masks; {table} is not a file.")
    rows = read_image_column(table, "mask", datasets)
    named = {scan: table.parent / mask for scan, mask in rows if scan is not None}
    found = {scan: mask for scan, mask in named.items() if _is_file(mask)}
    if not found:
        raise DatasetError(
            f"None of the {len(named):,} masks that {table.name} names for scans of the data sets "
            f"is there. Expected their paths relative to {table.parent}."
        )
    strangers = sum(scan is None for scan, _ in rows)
    reasons = [
        f"{count:,} {words}"
        for count, words in (
            (strangers, "name no scan of the data sets"),
            (len(named) - len(found), "name no mask that is there"),
        )
        if count
    ]
    if reasons:
        say(
            f"Of {len(rows):,} rows in {table.name}, {' and '.join(reasons)}: they give no outline."
        )
    return found


def read_image_column(
    table: Path, column: str, datasets: Iterable[Path]
) -> list[tuple[Path | None, str]]:
    """Read what a table says of each scan.

    Parameters
    ----------
    table
        CSV (UTF-8; commas, semicolons or tabs) with the column ``image``: relative to one of
        the data sets, which is a folder or itself a CSV in one.
    column
        What else to read.

    Returns
    -------
    The scan's file, links followed, and the cell, "" where the row is too short; None for a
    scan that is in none of the data sets.

    Raises
    ------
    DatasetError
        The table cannot be read, lacks a column, or none of its scans is in the data sets.
    """
    roots = [(place.parent if is_table(place) else place).resolve() for place in datasets]
    names, lines = read_cells(table)
    if not {"image", column} <= set(names):
        raise DatasetError(
            f"Expected the columns image and {column} in {table.name}, received "
            f"{columns_in_words(names)}. Name the columns so in its first row."
        )
    rows: list[tuple[Path | None, str]] = []
    for _, cells in lines:
        row = dict(zip(names, cells, strict=False))
        files = (root / row.get("image", "") for root in roots)
        scans = [file.resolve() for file in files if _is_file(file)]
        cell = row.get(column, "")
        rows += [(scan, cell) for scan in scans] or [(None, cell)]
    if not any(scan for scan, _ in rows):
        raise DatasetError(f"No scan named in {table.name} lies in the data sets that were given.")
    return rows


def mask_on_scan(mask_file: Path, scan_shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Read a mask and bring it to the scan's pixels; ``scan_shape``, 0 to 255, grey at its edge.

    A mask may hold labels (0 for none, up to 15 for the parts of a tumour) or be bright where
    the tumour is, of any depth: what exceeds half its brightest value.

    Raises
    ------
    DatasetError
        The file is not a picture, or one of more than 64 megapixels.
    """
    mask = _picture(mask_file)
    if mask is None:
        raise DatasetError(
            f"The tumour mask {mask_file.name} cannot be read as a picture of at most "
            f"{MAXIMUM_PIXELS / 1e6:.0f} million pixels. Copy or export it again, or take it out of the "
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
    """Crop and resize :func:`mask_on_scan`, which raises the same; (size, size), 0 or 255."""
    crop = mask_on_scan(mask_file, scan_shape)[box.slices]
    resized = cv2.resize(np.ascontiguousarray(crop), (size, size), interpolation=cv2.INTER_LINEAR)
    return np.where(resized > 127, 255, 0).astype(np.uint8)  # noqa: PLR2004 (half of 255)


def _is_file(file: Path) -> bool:
    return os.path.isfile(file)  # noqa: PTH113  (Path's raises where the name is impossible)


def _picture(file: Path) -> NDArray[Any] | None:
    """Return a grey picture of any depth; None where it is none, or has too many pixels."""
    # Decoded from memory: OpenCV opens only ASCII paths on Windows.
    try:
        content = file.read_bytes()
    except OSError:
        return None
    kind = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH
    try:
        readable = bool(content) and not _is_too_large(content)
        return cv2.imdecode(np.frombuffer(content, np.uint8), kind) if readable else None
    except cv2.error:  # it tells of more pixels than OpenCV reads
        return None


def _is_too_large(content: bytes) -> bool:
    """Whether its header tells of more pixels than a scan may have, which take OpenCV long."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.width * image.height > MAXIMUM_PIXELS
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001  (OpenCV may know what Pillow does not)
        return False

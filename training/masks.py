"""Expert tumour outlines: which scan has one, and how it looks on the network's crop."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset_table import read_cells
from btgui.engine.errors import DatasetError
from btgui.engine.preprocessing import CropBox


def read_masks(table: Path, datasets: Iterable[Path]) -> dict[Path, Path]:
    """Map scan files, links followed, to mask files.

    Parameters
    ----------
    table
        CSV (UTF-8; commas, semicolons or tabs) with the columns ``image`` (relative to one
        of the data-set folders) and ``mask`` (relative to the CSV's folder).

    Raises
    ------
    DatasetError
        The table cannot be read, lacks a column, or none of its scans is in the data sets.
    """
    if not table.is_file():
        raise DatasetError(f"Expected a CSV of tumour masks; {table} is not a file.")
    roots = [Path(folder).resolve() for folder in datasets]
    found: dict[Path, Path] = {}
    names, lines = read_cells(table)
    if not {"image", "mask"} <= set(names):
        raise DatasetError(
            f"Expected the columns image and mask in {table.name}, "
            f"received {', '.join(filter(None, names)) or 'none'}."
        )
    for _, cells in lines:
        row = dict(zip(names, cells, strict=False))
        mask = table.parent / row.get("mask", "")
        for root in roots:
            scan = root / row["image"]
            if scan.is_file() and mask.is_file():
                found[scan.resolve()] = mask
    if not found:
        raise DatasetError(f"No scan named in {table.name} lies in the data sets that were given.")
    return found


def mask_on_crop(
    mask_file: Path, box: CropBox, scan_shape: tuple[int, int], size: int
) -> NDArray[np.uint8]:
    """Read a mask, bring it to the scan's pixels, crop and resize it; (size, size), 0 or 255.

    Raises
    ------
    DatasetError
        The file is not a picture.
    """
    mask = cv2.imread(str(mask_file), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise DatasetError(f"The tumour mask {mask_file.name} cannot be read as a picture.")
    height, width = scan_shape
    on_scan = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)
    crop = on_scan[box.top : box.bottom, box.left : box.right]
    resized = cv2.resize(np.ascontiguousarray(crop), (size, size), interpolation=cv2.INTER_LINEAR)
    return np.where(resized > 127, 255, 0).astype(np.uint8)  # noqa: PLR2004 (half of 255)

"""Listing every image in files that may hold several: frames, pages or a volume's slices."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.mark import is_dicom
from btgui.engine.errors import ScanError
from btgui.engine.image_source import page_count
from btgui.engine.nifti.mark import is_nifti
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import IMAGE_SUFFIXES


def pictures_in(files: Iterable[Path]) -> list[Path | ScanAddress]:
    """List all images in these files, in order; only headers are read.

    A file that holds a single image is listed as its path, and so is an unreadable file, because
    reading it later reports the reason.
    """
    found: list[Path | ScanAddress] = []
    for path in files:
        count = _count(path)
        found.extend([path] if count == 1 else (ScanAddress(path, n) for n in range(count)))
    return found


def _count(path: Path) -> int:
    suffix = path.suffix.casefold()
    try:
        if is_nifti(path):
            from btgui.engine.nifti.volume import open_volume

            layout = open_volume(path).layout
            return layout.slices * layout.volumes
        if suffix in IMAGE_SUFFIXES and not is_dicom(path):
            return page_count(path) if suffix.startswith(".tif") else 1
        return max(1, read_header(path).frames)
    except ScanError:
        return 1

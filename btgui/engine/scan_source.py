"""Finding and reading scans in files and folders. All scan files are read through this module."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.dicom.mark import HEAD_BYTES, has_mark, head_of, is_dicom, looks_like_dicom
from btgui.engine.disk.folders import files_within, why_not_listed
from btgui.engine.disk.ordinary_file import check_ordinary, is_special, not_opened
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import ScanError
from btgui.engine.image_source import read_image, read_image_thumbnail
from btgui.engine.nifti.mark import is_nifti
from btgui.engine.pictures.square_pixels import with_square_pixels
from btgui.engine.scan import Scan, ScanAddress, Window

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".tif", ".tiff"})
DICOM_SUFFIXES = frozenset({".dcm", ".dicom", ".ima"})
SCAN_SUFFIXES = IMAGE_SUFFIXES | DICOM_SUFFIXES
# 64 megapixels of 16-bit colour, uncompressed, with room for a header.
_MAXIMUM_BYTES = 512_000_000
# Of a DICOM file, only the requested frame is held in memory.
_MAXIMUM_DICOM_BYTES = 2_000_000_000
_SMALL_BYTES = 2_000_000


def read_scan(place: Path | ScanAddress, window: Window | None = None) -> Scan:
    """Read one scan; given a path, the first scan of the file.

    Training and inference both use this function, so that they see the same pixels.

    Parameters
    ----------
    window
        The VOI window of the scan's series, for DICOM images whose header gives none; see
        :func:`btgui.engine.studies.series_window.window_of_series`.

    Raises
    ------
    ScanError
        The message names the file, what is wrong with it and what to do. Also raised
        if reading takes longer than two minutes.
    """
    address = address_of(place)
    if _is_small_picture(address.path):
        return _scan(address, window)
    return read_in_time(address.path, lambda: _scan(address, window))


def _scan(address: ScanAddress, window: Window | None = None) -> Scan:
    path = address.path
    if is_nifti(path):
        from btgui.engine.nifti.source import read_nifti

        return read_nifti(address)
    with _opened(path) as stream:
        if _is_dicom(path, stream):
            # Imported late: pydicom takes a while to import, and most users read image files.
            from btgui.engine.dicom.source import read_dicom

            return read_dicom(path, address.frame, window, stream)
        content = stream.read()
    return read_image(path, content, hashlib.sha256(content).hexdigest(), address.frame)


def read_thumbnail(
    place: Path | ScanAddress, size: int, window: Window | None = None
) -> NDArray[np.uint8]:
    """Return a grey thumbnail of at most ``size`` pixels a side, (h, w) uint8.

    ``window`` is as in :func:`read_scan`.

    Raises
    ------
    ScanError
        As :func:`read_scan`.
    """
    address = address_of(place)
    return read_in_time(address.path, lambda: _thumbnail(address, size, window))


def _thumbnail(address: ScanAddress, size: int, window: Window | None) -> NDArray[np.uint8]:
    quick = _quick_thumbnail(address.path, size)
    if quick is not None:
        return quick
    scan = _scan(address, window)
    grey = with_square_pixels(scan.grey, scan.pixel_size)
    scale = size / max(grey.shape)
    if scale >= 1:
        return grey
    small = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, small, interpolation=cv2.INTER_AREA), np.uint8)


def _quick_thumbnail(path: Path, size: int) -> NDArray[np.uint8] | None:
    if is_nifti(path):
        return None
    with _opened(path) as stream:
        return None if _is_dicom(path, stream) else read_image_thumbnail(stream.read(), size)


def find_scans(
    paths: Iterable[Path], *, volumes: bool = False, go_on: Callable[[], None] = lambda: None
) -> list[Path]:
    """List the scan files among files and folders, including NIfTI files with ``volumes``.

    Files are kept as given, whatever their name: reading them reports what is wrong. Folders
    are searched recursively in natural order ("2" before "10") for files that
    :func:`is_scan_file` accepts. A subfolder that cannot be listed is kept too, so that
    reading it reports the reason. Hidden files and links to folders are skipped.
    ``go_on`` is called before each folder and file; it may raise an exception to stop.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112  (Path's raises where the name is impossible)
            for file in files_within(path, found.setdefault, go_on):
                if is_scan_file(file, volumes=volumes):
                    found.setdefault(file)
        else:
            found[path] = None
    return list(found)


def is_scan_file(path: Path, *, volumes: bool = False) -> bool:
    """Whether a file found in a folder is a scan; NIfTI files count with ``volumes`` only.

    Scan files have a known suffix, or any other name and the DICOM prefix "DICM": scanners and
    archives name files without a suffix, by a UID ("1.2.840.113619.2.5") or as "IM_0001.MR".
    The index of a disc (DICOMDIR), pipes and devices are not scans.
    """
    if path.name.upper() == "DICOMDIR" or is_special(path):
        return False
    named = path.suffix.casefold() in SCAN_SUFFIXES or (volumes and is_nifti(path))
    return named or has_mark(head_of(path))


def _is_small_picture(path: Path) -> bool:
    """Whether a file is a small image on disk, to be read without the thread of a time limit."""
    if path.suffix.casefold() not in IMAGE_SUFFIXES:
        return False
    try:
        facts = os.stat(path)  # noqa: PTH116  (Path's raises where the name is impossible)
    except (OSError, ValueError):
        return False
    small = stat.S_ISREG(facts.st_mode) and facts.st_size <= _SMALL_BYTES
    return small and not is_dicom(path)


def address_of(place: Path | ScanAddress) -> ScanAddress:
    """Return the address of a scan; for a path, that of the first scan in the file."""
    return place if isinstance(place, ScanAddress) else ScanAddress(place)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a scan's file once for all uses: on a network drive, each opening takes a while."""
    try:
        if path.is_dir():
            refusal = why_not_listed(path)
            raise ScanError(refusal or f"{path.name} is a folder. Open the scans inside it.")
        if not path.exists():
            raise ScanError(f"{path.name} was not found. It may have been moved or renamed.")
        check_ordinary(path)
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise not_opened(path, error) from error


def _is_dicom(path: Path, stream: BinaryIO) -> bool:
    """Whether a file just opened is DICOM; refuse a file that is too large or empty."""
    dicom = looks_like_dicom(stream.read(HEAD_BYTES))
    stream.seek(0)
    size = os.fstat(stream.fileno()).st_size
    largest = _MAXIMUM_DICOM_BYTES if dicom else _MAXIMUM_BYTES
    if size > largest:
        raise ScanError(
            f"{path.name} is larger than {largest // 1_000_000} MB, too large for one scan. "
            f"Export the slice of interest as a file of its own."
        )
    if not size:
        raise ScanError(f"{path.name} is empty. Copy or export the scan again.")
    return dicom

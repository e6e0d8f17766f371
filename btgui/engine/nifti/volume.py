"""A NIfTI file opened for reading slice by slice; a gzipped one is unpacked once."""

from __future__ import annotations

import gzip
import io
import math
import os
import stat
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted
from btgui.engine.disk.files import sha256_of
from btgui.engine.disk.ordinary_file import not_opened
from btgui.engine.errors import ScanError
from btgui.engine.image_source import check_size
from btgui.engine.nifti.layout import Layout, layout_of
from btgui.engine.pictures.window_level import window_of_percentiles
from btgui.engine.scan import Window

# A gzipped file is held in memory while it is viewed; users have to unpack larger ones themselves.
_MAXIMUM_UNPACKED = 512_000_000
_MAXIMUM_BYTES = 16_000_000_000
_MAXIMUM_SLICES = 100_000
_HEADER_BYTES = (348, 540)  # "sizeof_hdr" of NIfTI-1 and NIfTI-2
_GZIP_RATIO = 1040  # beyond the highest ratio of deflate (1032 by zlib's documentation)
_BLOCK = 1 << 20
_SAMPLED = 2_000_000  # about as many voxels are sampled for a volume's window
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


class NiftiVolume:
    """One NIfTI file: its header, and its slices read on demand. Threads may share the object.

    The header is read at once, the voxels with the first slice. ``modified_ns`` is the time when
    the file was last modified.

    Raises
    ------
    ScanError
        The file cannot be opened, is damaged or shorter than its header states, or holds neither
        greyscale nor colour voxels.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._windows: dict[int, Window] = {}
        self._is_damaged = False
        with _scan_errors(path):
            status = os.stat(path)  # noqa: PTH116  (Path's raises where the name is invalid)
            if not stat.S_ISREG(status.st_mode):
                raise ScanError(f"{path.name} is not a regular file. Open the scan file itself.")
            if status.st_size > _MAXIMUM_BYTES:
                raise ScanError(
                    f"{path.name} is larger than {_MAXIMUM_BYTES // 1_000_000_000} GB. Export the "
                    f"volumes as separate files."
                )
            self._size, self.modified_ns = status.st_size, status.st_mtime_ns
            with path.open("rb") as stream:
                self._packed = stream.read(2) == b"\x1f\x8b"
            # nibabel would unpack any file named .gz, but some servers have unpacked it already.
            self._in_memory = self._packed or path.suffix.casefold() == ".gz"
            self.header, self.layout, self._needed = self._read_header()
        self._check()

    def read(self, volume: int, number: int) -> NDArray[np.float32]:
        """Return an upright slice, (height, width) float32, with the header's scaling applied.

        Colour is converted to luma; NaN and infinite values become 0.

        Raises
        ------
        ScanError
            The file is damaged at this slice, or has been removed.
        """
        with _scan_errors(self._path), self._lock:
            voxels = self._voxels((*self.layout.voxel_index(number), volume))
        return np.ascontiguousarray(self.layout.upright(voxels))

    def window(self, volume: int) -> Window:
        """Return the window of a whole volume: 0.5th to 99.5th percentile of a sample of its voxels.

        The volume shares one window, so that an end slice, which holds only noise, is not stretched
        to look like a head, neither on the screen nor in the network's input.

        Raises
        ------
        ScanError
            The file is damaged, or has been removed.
        """
        with _scan_errors(self._path), self._lock:
            if volume not in self._windows:
                stride = max(1, round((np.prod(self.layout.shape) / _SAMPLED) ** (1 / 3)))
                every = slice(None, None, stride)
                sample = self._voxels((every, every, every, volume))
                self._windows[volume] = window_of_percentiles(sample)
            return self._windows[volume]

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 digest of the file's bytes."""
        with _scan_errors(self._path):
            return sha256_of(self._path)

    def _voxels(self, index: tuple[slice | int, ...]) -> NDArray[np.float32]:
        count = len(self.header.get_data_shape())
        # A 2D file has no third axis to index, and a 6D file has extra axes of length 1.
        with np.errstate(all="ignore"):  # a malicious scale may overflow
            voxels = np.asarray(self._array[(*index, 0, 0, 0)[:count]])
            if voxels.dtype.names:
                voxels = np.stack([voxels[name] for name in ("R", "G", "B")], axis=-1) @ _LUMA
            values = voxels.astype(np.float32)
        if not np.isfinite(values).all():
            values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        return values

    @cached_property
    def _array(self) -> Any:  # noqa: ANN401  (nibabel has no types)
        """The file's scaled voxels; only the indexed part is read."""
        from nibabel.arrayproxy import ArrayProxy

        if self._is_damaged:  # do not unpack the file again for every slice
            raise EOFError("it is damaged")
        try:
            source = self._content() if self._in_memory else self._path
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self._is_damaged = True
            raise
        header, kind = self.header, self.header.get_data_dtype()
        # For RGB, scl_slope and scl_inter are ignored (nifti1.h).
        plain = (header.get_data_shape(), kind, header.get_data_offset())
        return ArrayProxy(source, plain if kind.names else header)  # type: ignore[no-untyped-call]

    def _content(self) -> io.BytesIO:
        content = io.BytesIO()
        with self._open() as stream:
            while content.tell() < self._needed and (block := stream.read(_BLOCK)):
                content.write(block)
        if content.tell() < self._needed:
            raise EOFError("it ends before its last slice")
        return content

    def _open(self) -> io.BufferedIOBase:
        return gzip.open(self._path) if self._packed else self._path.open("rb")

    def _read_header(self) -> tuple[Any, Layout, int]:
        from nibabel.nifti1 import Nifti1Header
        from nibabel.nifti2 import Nifti2Header

        with self._open() as stream:
            head = stream.read(max(_HEADER_BYTES))
        sizes = {int.from_bytes(head[:4], order): order for order in ("little", "big")}
        found = next((size for size in _HEADER_BYTES if size in sizes), None)
        if found is None or len(head) < found:
            raise ScanError(
                f"{self._path.name} is named like a NIfTI file but is not one. Export the volume "
                f"again."
            )
        try:
            kind: Any = Nifti1Header if found == 348 else Nifti2Header  # noqa: PLR2004
            header = kind(head[:found])  # without the extensions that may follow the header
            header.get_slope_inter()  # raises unless both are numbers
            return header, layout_of(header), _bytes_needed(header)
        except Exception as error:  # nibabel raises many kinds on damaged headers
            raise ScanError(
                f"The header of {self._path.name} is damaged. Copy or export it again."
            ) from error

    def _check(self) -> None:
        name, layout = self._path.name, self.layout
        kind, shape = self.header.get_data_dtype(), self.header.get_data_shape()
        if len(shape) < 2 or any(int(length) > 1 for length in shape[4:]):  # noqa: PLR2004  (a slice)
            raise ScanError(
                f"{name} has {counted(len(shape), 'dimension')}; only slices, 3D volumes and series "
                f"of 3D volumes can be shown. Export a single volume."
            )
        coloured = bool(kind.names) and {"R", "G", "B"} <= set(kind.names)
        if kind.kind not in "iuf" and not coloured:
            raise ScanError(
                f"{name} has the data type {self.header.get_value_label('datatype')}, which is "
                f"neither greyscale nor colour. Export its magnitude."
            )
        check_size(self._path, layout.shape[layout.across], layout.shape[layout.down])
        if layout.slices < 1 or layout.volumes < 1:
            raise ScanError(f"{name} holds no voxels. Export the volume again.")
        needed = self._needed
        if self._in_memory and needed > _MAXIMUM_UNPACKED:
            raise ScanError(
                f"{name} unpacks to {needed / 1e6:,.0f} MB; compressed files are read up to "
                f"{_MAXIMUM_UNPACKED // 1_000_000} MB. Unpack it and open the .nii file."
            )
        holds = self._size * (_GZIP_RATIO if self._packed else 1)
        if needed > holds or layout.slices * layout.volumes > _MAXIMUM_SLICES:
            raise ScanError(
                f"{name} is shorter than its header says, or damaged. Copy or export it again."
            )


@contextmanager
def _scan_errors(path: Path) -> Iterator[None]:
    """Raise errors of reading the file as ScanErrors."""
    try:
        yield
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise not_opened(path, error) from error


def _bytes_needed(header: Any) -> int:  # noqa: ANN401  (nibabel has no types)
    """Return the number of bytes that an unpacked file must have to hold all its voxels."""
    voxels = math.prod(int(n) for n in header.get_data_shape())  # Python's integers: no overflow
    return int(header.get_data_offset() + voxels * header.get_data_dtype().itemsize)


class _Latest:
    """The volume opened last, kept because scrolling requests one slice after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._volume: NiftiVolume | None = None

    def open(self, path: Path) -> NiftiVolume:
        with self._lock:
            with _scan_errors(path):
                facts = os.stat(path)  # noqa: PTH116  (Path's raises where the name is invalid)
            key = (path, facts.st_size, facts.st_mtime_ns)
            if self._volume is None or key != self._key:
                self._volume = None  # freed first: two volumes would take too much memory
                self._volume, self._key = NiftiVolume(path), key
            return self._volume


_latest = _Latest()


def open_volume(path: Path) -> NiftiVolume:
    """Open a NIfTI file, or return the one opened last if it is the same, unchanged.

    Raises
    ------
    ScanError
        As in :class:`NiftiVolume`.
    """
    return _latest.open(path)

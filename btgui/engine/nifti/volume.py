"""A NIfTI file opened for reading slice by slice; a packed one is unpacked once."""

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

# A packed file is held in memory while it is looked at; a larger one is unpacked by the user.
_MAXIMUM_UNPACKED = 512_000_000
_MAXIMUM_BYTES = 16_000_000_000
_MAXIMUM_SLICES = 100_000
_HEADER_BYTES = (348, 540)  # NIfTI-1 and -2, as "sizeof_hdr" says
_GZIP_RATIO = 1040  # deflate cannot pack tighter (zlib's documentation: 1032)
_BLOCK = 1 << 20
_SAMPLED = 2_000_000  # voxels that a volume's window is taken from, at most
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


class NiftiVolume:
    """One file: its header, and slices as they are asked for; threads may share it.

    ``modified_ns`` is when the file was last written.

    Raises
    ------
    ScanError
        It cannot be opened, is damaged or shorter than its header says, or holds what is no
        grey or colour picture. The header is read at once, the rest with the first slice.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._windows: dict[int, Window] = {}
        self._is_damaged = False
        with _told_in_words(path):
            status = os.stat(path)  # noqa: PTH116  (Path's raises where the name is impossible)
            if not stat.S_ISREG(status.st_mode):
                raise ScanError(f"{path.name} is not an ordinary file. Open the scan's own file.")
            if status.st_size > _MAXIMUM_BYTES:
                raise ScanError(
                    f"{path.name} is larger than {_MAXIMUM_BYTES // 1_000_000_000} GB. Export the "
                    f"volumes one by one."
                )
            self._size, self.modified_ns = status.st_size, status.st_mtime_ns
            with path.open("rb") as stream:
                self._packed = stream.read(2) == b"\x1f\x8b"
            # nibabel unpacks whatever is named so, and some servers have done it already.
            self._in_memory = self._packed or path.suffix.casefold() == ".gz"
            self.header, self.layout, self._needed = self._read_header()
        self._check()

    def read(self, volume: int, number: int) -> NDArray[np.float32]:
        """Return a slice, upright, (height, width) float32, scaled as the header says.

        Colours become luma; values that are no numbers become 0.

        Raises
        ------
        ScanError
            The file is damaged here, or has gone.
        """
        with _told_in_words(self._path), self._lock:
            voxels = self._voxels((*self.layout.voxel_index(number), volume))
        return np.ascontiguousarray(self.layout.upright(voxels))

    def window(self, volume: int) -> Window:
        """Return the window of a whole volume: 0.5th to 99.5th percentile of some of its voxels.

        Of the volume and not of each slice, so that a slice at its end, which holds but noise,
        is not shown, and fed to a network, as if it held a head.

        Raises
        ------
        ScanError
            The file is damaged, or has gone.
        """
        with _told_in_words(self._path), self._lock:
            if volume not in self._windows:
                stride = max(1, round((np.prod(self.layout.shape) / _SAMPLED) ** (1 / 3)))
                every = slice(None, None, stride)
                sample = self._voxels((every, every, every, volume))
                self._windows[volume] = window_of_percentiles(sample)
            return self._windows[volume]

    @cached_property
    def sha256(self) -> str:
        """The digest of the file's bytes."""
        with _told_in_words(self._path):
            return sha256_of(self._path)

    def _voxels(self, index: tuple[slice | int, ...]) -> NDArray[np.float32]:
        count = len(self.header.get_data_shape())
        # A file of two dimensions has no third axis to index, one of six has two of length 1.
        with np.errstate(all="ignore"):  # a hostile scale leads out of the range of numbers
            voxels = np.asarray(self._array[(*index, 0, 0, 0)[:count]])
            if voxels.dtype.names:
                voxels = np.stack([voxels[name] for name in ("R", "G", "B")], axis=-1) @ _LUMA
            values = voxels.astype(np.float32)
        if not np.isfinite(values).all():
            values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        return values

    @cached_property
    def _array(self) -> Any:  # noqa: ANN401  (nibabel has no types)
        """The file's voxels, scaled; what is indexed of them is read."""
        from nibabel.arrayproxy import ArrayProxy

        if self._is_damaged:  # it is not unpacked again for every slice
            raise EOFError("it is damaged")
        try:
            source = self._content() if self._in_memory else self._path
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self._is_damaged = True
            raise
        header, kind = self.header, self.header.get_data_dtype()
        # The scale of colours counts for nothing (nifti1.h).
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
                f"{self._path.name} is not a NIfTI file, though it is named like one. Export the "
                f"volume again."
            )
        try:
            kind: Any = Nifti1Header if found == 348 else Nifti2Header  # noqa: PLR2004
            header = kind(head[:found])  # without the extensions that programs put behind it
            header.get_slope_inter()  # which are to be numbers
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
                f"{name} has {counted(len(shape), 'dimension')}; slices, volumes of three, or series "
                f"of them can be shown. Export one volume."
            )
        coloured = bool(kind.names) and {"R", "G", "B"} <= set(kind.names)
        if kind.kind not in "iuf" and not coloured:
            raise ScanError(
                f"{name} holds values of the kind {self.header.get_value_label('datatype')}, which "
                f"are no grey or colour picture. Export its magnitude."
            )
        check_size(self._path, layout.shape[layout.across], layout.shape[layout.down])
        if layout.slices < 1 or layout.volumes < 1:
            raise ScanError(f"{name} holds no pixels. Export the volume again.")
        needed = self._needed
        if self._in_memory and needed > _MAXIMUM_UNPACKED:
            raise ScanError(
                f"{name} unpacks to {needed / 1e6:,.0f} MB; packed files are read up to "
                f"{_MAXIMUM_UNPACKED // 1_000_000} MB. Unpack it (.nii) and open that."
            )
        holds = self._size * (_GZIP_RATIO if self._packed else 1)
        if needed > holds or layout.slices * layout.volumes > _MAXIMUM_SLICES:
            raise ScanError(
                f"{name} is shorter than its header says, or damaged. Copy or export it again."
            )


@contextmanager
def _told_in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise not_opened(path, error) from error


def _bytes_needed(header: Any) -> int:  # noqa: ANN401  (nibabel has no types)
    """Return how many bytes the file must have for all its voxels."""
    voxels = math.prod(int(n) for n in header.get_data_shape())  # which does not overflow
    return int(header.get_data_offset() + voxels * header.get_data_dtype().itemsize)


class _Latest:
    """The volume that was opened last: scrolling asks for one slice after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._volume: NiftiVolume | None = None

    def open(self, path: Path) -> NiftiVolume:
        with self._lock:
            with _told_in_words(path):
                facts = os.stat(path)  # noqa: PTH116  (Path's raises where the name is impossible)
            key = (path, facts.st_size, facts.st_mtime_ns)
            if self._volume is None or key != self._key:
                self._volume = None  # two at a time would be too much
                self._volume, self._key = NiftiVolume(path), key
            return self._volume


_latest = _Latest()


def open_volume(path: Path) -> NiftiVolume:
    """Open a file, or return it where it was opened last and has not changed since.

    Raises
    ------
    ScanError
        As :class:`NiftiVolume`.
    """
    return _latest.open(path)

"""A DICOM file opened for reading frame by frame; it is hashed and parsed once for all frames."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import threading
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset
from pydicom.encaps import get_frame, parse_basic_offsets, parse_fragments
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.utils import as_pixel_options
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from btgui.engine.dicom.compression import check_compressed_frame, inflated
from btgui.engine.dicom.frames import frame_count, frame_header
from btgui.engine.dicom.jpeg import offer_to_pydicom
from btgui.engine.dicom.parsing import parse_header
from btgui.engine.errors import ScanError
from btgui.engine.image_source import check_size

# The elements that hold pixel data (PS3.3 C.7.6.3), by the names that pydicom's decoders use.
_PIXELS = {
    0x7FE00008: "FloatPixelData",
    0x7FE00009: "DoubleFloatPixelData",
    0x7FE00010: "PixelData",
}
_ALL_FRAMES = 0x52009230  # PerFrameFunctionalGroupsSequence
# In implicit VR, the length stands at this place and is even; these letter pairs, read as
# little-endian numbers, are all odd.
_REPRESENTATIONS = {b"OB", b"OW", b"OF", b"OD", b"UN"}

offer_to_pydicom()


class DicomFile:
    """One DICOM file: its header, and its frames read on demand. Threads may share the object.

    Parameters
    ----------
    path
        The file's path; named in messages.
    content
        The file's bytes if they have been read already. Without them, only the header and the
        requested frame are held in memory.
    opened
        The file's stream if it is open already.

    Attributes
    ----------
    sha256
        SHA-256 digest of the file's bytes.
    header
        All elements before the pixel data, except those above 16 MB.
    syntax
        The transfer syntax.

    Raises
    ------
    ScanError
        The file holds no image, ends before it, or holds one that is too large.
    Exception
        An exception of pydicom, of many kinds, where the bytes are damaged.
    """

    def __init__(
        self, path: Path, content: bytes | None = None, opened: BinaryIO | None = None
    ) -> None:
        self.path = path
        self._content = content
        self._lock = threading.Lock()
        with self._stream(opened) as stream:
            self.sha256 = hashlib.file_digest(cast(Any, stream), "sha256").hexdigest()
            unpacked = inflated(path, stream)
        if unpacked is not None:
            self._content = unpacked
        with self._stream(opened) as stream:
            self.header: FileDataset = parse_header(path, stream)
            self.syntax = _syntax_of(self.header)
            self._pixels, self._options = self._pixel_element(stream)
        check_size(path, int(self.header.get("Columns") or 0), int(self.header.get("Rows") or 0))

    @property
    def frames(self) -> int:
        """The number of frames that the header states, at least 1."""
        return frame_count(self.header)

    def frame_header(self, frame: int) -> Dataset:
        """Return a copy of the header as if the frame (from 0) were in a file of its own.

        The copy lacks the per-frame functional groups, which pydicom would traverse for each copy.
        """
        with self._lock:  # pydicom decodes an element when it is first accessed
            own = frame_header(self.header, frame)
            merged = Dataset()
            merged.update({tag: one for tag, one in self.header.items() if tag != _ALL_FRAMES})
        merged.update(own)
        implicit, little_endian = self.header.original_encoding
        merged.set_original_encoding(implicit, little_endian, self.header.original_character_set)
        return merged

    def frame_pixels(self, frame: int, opened: BinaryIO | None = None) -> NDArray[Any]:
        """Return a frame's stored values, (rows, columns) or (rows, columns, 3) for colour.

        YBR is converted to RGB. ``opened`` is the file's stream if it is open already.
        """
        with self._stream(opened) as stream:
            stream.seek(self._pixels)
            if self.syntax.is_encapsulated:
                if self.frames > 1 and "extended_offsets" not in self._options:
                    self._options["extended_offsets"] = _frames_found(stream, self.frames)
                    stream.seek(self._pixels)
                encoded = get_frame(
                    stream,
                    frame,
                    number_of_frames=self.frames,
                    extended_offsets=self._options.get("extended_offsets"),
                )
                check_compressed_frame(self.path, encoded, self.syntax, self._raw_bytes())
                stream.seek(self._pixels)
            decoder = get_decoder(self.syntax)
            pixels, _ = decoder.as_array(stream, index=frame, validate=True, **self._options)
        return self._with_sign(np.asarray(pixels))

    def _with_sign(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """Extend the sign into the bits above BitsStored, which may hold anything (PS3.5 8.1.1).

        pydicom does this as well, except for JPEG-LS and JPEG 2000 streams that contain these bits.
        """
        if pixels.dtype.kind != "i":
            return pixels
        unused = max(0, 8 * pixels.dtype.itemsize - int(self.header.BitsStored))
        return pixels << unused >> unused if unused else pixels

    def _stream(self, opened: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
        if self._content is not None:
            return io.BytesIO(self._content)
        if opened is None:
            return self.path.open("rb")
        opened.seek(0)
        return nullcontext(opened)  # the caller opened the stream and closes it

    def _raw_bytes(self) -> int:
        header = self.header
        samples, bits = int(header.get("SamplesPerPixel", 1)), int(header.get("BitsAllocated", 8))
        return int(header.Rows) * int(header.Columns) * samples * max(1, bits // 8)

    def _pixel_element(self, stream: BinaryIO) -> tuple[int, dict[str, Any]]:
        """Return the offset of the pixel data and the options that pydicom's decoders need."""
        _, little_endian = self.header.original_encoding
        order = "<" if little_endian else ">"
        start = stream.read(8)
        if len(start) < 8:  # noqa: PLR2004  (group, element and, implicit or not, four bytes)
            raise self._pictureless()
        group, element = struct.unpack(order + "HH", start[:4])
        keyword = _PIXELS.get(group << 16 | element)
        if keyword is None:
            raise self._pictureless()
        representation = None
        # The stated encoding is not always the actual one: the bytes decide.
        if start[4:6] in _REPRESENTATIONS:
            representation = start[4:6].decode("ascii")
            stream.read(4)  # in explicit VR, a 32-bit length follows the VR
        return stream.tell(), as_pixel_options(
            self.header,
            transfer_syntax_uid=self.syntax,
            pixel_keyword=keyword,
            pixel_vr=representation,
        )

    def _pictureless(self) -> ScanError:
        if len(self.header) == 0:
            return ScanError(
                f"{self.path.name} is not a readable DICOM file. Export the scan again."
            )
        return ScanError(
            f"{self.path.name} is a DICOM file without an image (perhaps a report or a "
            f"DICOMDIR). Open the image files instead."
        )


def _syntax_of(header: FileDataset) -> UID:
    # A data set without file meta information does not state its syntax: pydicom detected it.
    named = header.file_meta.get("TransferSyntaxUID")
    if named:
        return UID(str(named))
    implicit, _ = header.original_encoding
    return ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian


def _frames_found(stream: BinaryIO, frames: int) -> tuple[list[int], list[int]] | None:
    """Return offsets and lengths of compressed frames where the file has no offset table.

    Without them, pydicom would scan all frames to find each one. None where there is a Basic Offset
    Table, or where a frame may consist of several fragments.
    """
    if parse_basic_offsets(stream):
        return None
    first = stream.tell()
    count, places = parse_fragments(stream)
    if count != frames:
        return None
    stream.seek(places[-1] + 4)
    last = int.from_bytes(stream.read(4), "little")
    # Each fragment follows its 8-byte tag and length.
    lengths = [after - place - 8 for place, after in pairwise(places)]
    return [place - first for place in places], [*lengths, last]


class _Latest:
    """The multi-frame file opened last, kept because its frames are requested one after another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._file: DicomFile | None = None

    def open(self, path: Path, stream: BinaryIO | None) -> DicomFile:
        if stream is None:
            with path.open("rb") as opened:
                return self.open(path, opened)
        facts = os.fstat(stream.fileno())
        key = (path, facts.st_size, facts.st_mtime_ns)
        with self._lock:
            if self._file is not None and key == self._key:
                return self._file
        small = facts.st_size < _SMALL_BYTES
        file = DicomFile(path, stream.read() if small else None, stream)
        if file.frames > 1:
            with self._lock:
                self._file, self._key = file, key
        return file


# Smaller files are read whole, which is faster; frames of larger ones are read on demand.
_SMALL_BYTES = 4_000_000
_latest = _Latest()


def open_dicom(path: Path, stream: BinaryIO | None = None) -> DicomFile:
    """Open a DICOM file, or return the multi-frame file opened last if it is the same, unchanged.

    Parameters
    ----------
    stream
        The file's stream at its start, if the file is open already.

    Raises
    ------
    ScanError, OSError, Exception
        As in :class:`DicomFile`.
    """
    return _latest.open(path, stream)

"""Checks of compressed DICOM data before decompression: a small file must not fill the memory.

Decoders trust the sizes stated in compressed data. Data of a malicious or damaged file that would
make a decoder allocate excessive memory or never finish is refused here.
"""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydicom.dataset import FileMetaDataset
from pydicom.filereader import read_dataset, read_preamble
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    JPEGTransferSyntaxes,
    RLELossless,
)

from btgui.engine.dicom.parsing import LimitedStream
from btgui.engine.errors import ScanError
from btgui.engine.image_source import MAXIMUM_PIXELS

_MAXIMUM_UNPACKED = 512_000_000
_BLOCK = 1 << 20
_META_BYTES = 4096  # ample for the file meta information, which takes a few hundred bytes
_MAXIMUM_COMPONENTS = 4
# Start-of-frame markers of JPEG (ITU-T T.81, table B.1) and JPEG-LS (T.87).
_STARTS_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


def inflated(path: Path, stream: BinaryIO) -> bytes | None:
    """Return a deflated file's bytes (PS3.5 A.5) inflated; None where the file is not deflated.

    Raises
    ------
    ScanError
        The file unpacks to more than 512 MB.
    zlib.error
        The deflated data is damaged.
    """
    stream.seek(0)
    if DeflatedExplicitVRLittleEndian.encode() not in stream.read(_META_BYTES):
        return None
    stream.seek(0)
    head = cast(BinaryIO, LimitedStream(path, stream))
    read_preamble(head, force=True)
    meta = FileMetaDataset(
        read_dataset(
            head,
            is_implicit_VR=False,
            is_little_endian=True,
            stop_when=lambda tag, _vr, _length: tag.group != 2,  # noqa: PLR2004
        )
    )
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return None  # the UID occurred elsewhere in the head of the file
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    plain = io.BytesIO()
    plain.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(cast(Any, plain), meta, enforce_standard=False)
    _inflate(path, stream, plain)
    return plain.getvalue()


def _inflate(path: Path, stream: BinaryIO, target: io.BytesIO) -> None:
    # Block by block, so that the unpacked data is never held twice.
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = 0
    while not unpacker.eof and (packed := unpacker.unconsumed_tail or stream.read(_BLOCK)):
        piece = unpacker.decompress(packed, _BLOCK)
        unpacked += len(piece)
        if unpacked > _MAXIMUM_UNPACKED:
            raise ScanError(
                f"{path.name} unpacks to more than {_MAXIMUM_UNPACKED // 1_000_000} MB, the limit "
                f"for one file. Export it uncompressed, or as one file per slice."
            )
        target.write(piece)
    target.write(unpacker.flush())


def plain_stream(path: Path, stream: BinaryIO) -> BinaryIO:
    """Return the stream rewound to its start, or a stream of the inflated bytes of a deflated file.

    Raises
    ------
    ScanError, zlib.error
        As in :func:`inflated`.
    """
    unpacked = inflated(path, stream)
    stream.seek(0)
    return stream if unpacked is None else io.BytesIO(unpacked)


def check_compressed_frame(path: Path, frame: bytes, syntax: UID, raw_bytes: int) -> None:
    """Refuse a compressed frame on which its decoder would hang or allocate excessive memory.

    Parameters
    ----------
    frame
        One compressed frame as stored in the file.
    syntax
        The transfer syntax of the file.
    raw_bytes
        Size of the decompressed frame according to the header.

    Raises
    ------
    ScanError
        The frame states more than the maximum number of pixels, or is longer than any valid
        encoding of ``raw_bytes``.
    """
    if syntax == RLELossless:
        # At worst, RLE takes two bytes per byte (PS3.5 G.3.1), plus a header per segment.
        sound = len(frame) <= 2 * raw_bytes + 1024
    elif syntax in JPEG2000TransferSyntaxes:
        sound = _is_sound_jpeg_2000(frame)
    elif syntax in JPEGTransferSyntaxes or syntax in JPEGLSTransferSyntaxes:
        sound = _is_sound_jpeg(frame)
    else:
        sound = True  # video and the like, which no decoder here reads
    if not sound:
        raise ScanError(
            f"{path.name} is damaged: its compressed pixel data is invalid. "
            f"Copy or export it again."
        )


def _is_sound_jpeg_2000(frame: bytes) -> bool:
    start = _codestream(frame)
    if start is None:
        return False
    # SOC, SIZ, its length and capabilities, then the image's far corner (Xsiz, Ysiz) and origin
    # (XOsiz, YOsiz), see ISO/IEC 15444-1 A.5.1.
    head = frame[start : start + 42]
    if len(head) < 42 or head[:4] != b"\xff\x4f\xff\x51":  # noqa: PLR2004
        return False
    right, bottom, left, top, tile_width, tile_height = struct.unpack(">6L", head[8:32])
    (components,) = struct.unpack(">H", head[40:42])
    tiled = min(tile_width, tile_height) > 0 and 1 <= components <= _MAXIMUM_COMPONENTS
    return tiled and _fits(right - left, bottom - top)


def _codestream(frame: bytes) -> int | None:
    """Return the offset of the codestream, skipping the boxes of a JP2 file (ISO/IEC 15444-1 I.4)."""
    if not frame.startswith(b"\x00\x00\x00\x0cjP  "):
        return 0
    place = 0
    while place + 8 <= len(frame):
        length = int.from_bytes(frame[place : place + 4], "big")
        if frame[place + 4 : place + 8] == b"jp2c":
            return place + 8
        # Length 0 (to the end of the file) and 1 (64-bit length follows) do not occur in DICOM.
        if length < 8:  # noqa: PLR2004
            return None
        place += length
    return None


def _is_sound_jpeg(frame: bytes) -> bool:
    place = 2
    while place + 9 <= len(frame) and frame[place] == 0xFF:  # noqa: PLR2004
        marker = frame[place + 1]
        if marker == 0xFF:  # noqa: PLR2004  (fill bytes may precede a marker)
            place += 1
            continue
        if marker in _STARTS_OF_FRAME:
            height, width = struct.unpack(">HH", frame[place + 5 : place + 9])
            return _fits(width, height)
        place += 2 + int.from_bytes(frame[place + 2 : place + 4], "big")
    return False


def _fits(width: int, height: int) -> bool:
    # The DICOM header stated an image within the limit: a larger one is damage or malice.
    return min(width, height) > 0 and width * height <= MAXIMUM_PIXELS

"""Compressed DICOM data looked at before it is unpacked: a small file must not fill the memory.

Decoders trust the numbers inside compressed data. What a hostile or damaged file could make
them allocate, or search for ever, is refused here.
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
_META_BYTES = 4096  # of file meta information, which is a few hundred bytes long
_MAXIMUM_COMPONENTS = 4
# A start of frame, of JPEG (ITU-T T.81, table B.1) and of JPEG-LS (T.87).
_STARTS_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


def inflated(path: Path, stream: BinaryIO) -> bytes | None:
    """Return a file's bytes as if it had not been deflated (PS3.5 A.5), None where it is not.

    Raises
    ------
    ScanError
        It unpacks to more than 512 MB.
    zlib.error
        It is damaged.
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
        return None  # the name stood elsewhere
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    plain = io.BytesIO()
    plain.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(cast(Any, plain), meta, enforce_standard=False)
    _inflate(path, stream, plain)
    return plain.getvalue()


def _inflate(path: Path, stream: BinaryIO, target: io.BytesIO) -> None:
    # Piece by piece: at no time is there more than one copy of it.
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = 0
    while not unpacker.eof and (packed := unpacker.unconsumed_tail or stream.read(_BLOCK)):
        piece = unpacker.decompress(packed, _BLOCK)
        unpacked += len(piece)
        if unpacked > _MAXIMUM_UNPACKED:
            raise ScanError(
                f"{path.name} unpacks to more than {_MAXIMUM_UNPACKED // 1_000_000} MB, too much "
                f"for one file. Export it uncompressed, or slice by slice."
            )
        target.write(piece)
    target.write(unpacker.flush())


def plain_stream(path: Path, stream: BinaryIO) -> BinaryIO:
    """Return a file's stream at its start, or that of its bytes without deflation.

    Raises
    ------
    ScanError, zlib.error
        As :func:`inflated`.
    """
    unpacked = inflated(path, stream)
    stream.seek(0)
    return stream if unpacked is None else io.BytesIO(unpacked)


def check_compressed_frame(path: Path, frame: bytes, syntax: UID, raw_bytes: int) -> None:
    """Refuse a frame that its decoder would not get out of, or only with very much memory.

    Parameters
    ----------
    frame
        One frame as it is stored.
    raw_bytes
        How long it is unpacked, by the header.

    Raises
    ------
    ScanError
        It holds more pixels than are read, or is larger than it can be.
    """
    if syntax == RLELossless:
        # The worst case is two bytes for each (PS3.5 G.3.1), and a header for each segment.
        sound = len(frame) <= 2 * raw_bytes + 1024
    elif syntax in JPEG2000TransferSyntaxes:
        sound = _is_sound_jpeg_2000(frame)
    elif syntax in JPEGTransferSyntaxes or syntax in JPEGLSTransferSyntaxes:
        sound = _is_sound_jpeg(frame)
    else:
        sound = True  # video and the like, for which there is no decoder
    if not sound:
        raise ScanError(
            f"{path.name} is damaged: its compressed picture makes no sense. "
            f"Copy or export it again."
        )


def _is_sound_jpeg_2000(frame: bytes) -> bool:
    start = _codestream(frame)
    if start is None:
        return False
    # SOC, SIZ, its length and capabilities, then the far corner and the origin of the picture
    # (ISO/IEC 15444-1 A.5.1).
    head = frame[start : start + 42]
    if len(head) < 42 or head[:4] != b"\xff\x4f\xff\x51":  # noqa: PLR2004
        return False
    right, bottom, left, top, tile_width, tile_height = struct.unpack(">6L", head[8:32])
    (components,) = struct.unpack(">H", head[40:42])
    tiled = min(tile_width, tile_height) > 0 and 1 <= components <= _MAXIMUM_COMPONENTS
    return tiled and _fits(right - left, bottom - top)


def _codestream(frame: bytes) -> int | None:
    """Return where the code stream begins, within JP2's boxes where there are any (I.4)."""
    if not frame.startswith(b"\x00\x00\x00\x0cjP  "):
        return 0
    place = 0
    while place + 8 <= len(frame):
        length = int.from_bytes(frame[place : place + 4], "big")
        if frame[place + 4 : place + 8] == b"jp2c":
            return place + 8
        if length < 8:  # noqa: PLR2004  (to the end, or of 64 bits: none of DICOM's boxes)
            return None
        place += length
    return None


def _is_sound_jpeg(frame: bytes) -> bool:
    place = 2
    while place + 9 <= len(frame) and frame[place] == 0xFF:  # noqa: PLR2004
        marker = frame[place + 1]
        if marker == 0xFF:  # noqa: PLR2004  (markers may be filled up)
            place += 1
            continue
        if marker in _STARTS_OF_FRAME:
            height, width = struct.unpack(">HH", frame[place + 5 : place + 9])
            return _fits(width, height)
        place += 2 + int.from_bytes(frame[place + 2 : place + 4], "big")
    return False


def _fits(width: int, height: int) -> bool:
    # The DICOM header promised a picture within the limit: more is damage, or malice.
    return min(width, height) > 0 and width * height <= MAXIMUM_PIXELS

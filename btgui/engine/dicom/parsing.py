"""Parsing DICOM headers within limits: the lengths they state must not fill the memory."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydicom import config, dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import FileDataset
from pydicom.tag import BaseTag, Tag

from btgui.engine.errors import ScanError

_LARGEST_ELEMENT = 16_000_000  # larger ones may be a vendor's raw data, which is never shown
_LARGEST_HEADER = 64_000_000
_MOST_READS = 4_000_000  # an element takes one to three reads, and much more memory than bytes
# Functional groups and the directory records of a DICOMDIR are single elements of any length.
_ALWAYS = {0x52009229, 0x52009230, 0x00041220}
# Limit per sequence, whose items take a hundred times their bytes in memory once accessed.
_MOST_ITEMS = 1_000_000
_ITEM_BYTES, _ITEM_TAGS = 8, (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")  # in either byte order


def parse_header(
    path: Path, stream: BinaryIO, tags: Sequence[str | int] | None = None
) -> FileDataset:
    """Return all elements before the pixel data, or those in ``tags``.

    Elements above 16 MB are omitted, except functional groups and the directory records of a
    DICOMDIR. Afterwards, the stream is positioned behind the parsed elements.

    Parameters
    ----------
    path
        The file's path; named in messages.
    stream
        The file at its start, not deflated.
    tags
        Keywords or tags of the elements to return; all where it is None or empty.

    Raises
    ------
    ScanError
        The elements to hold in memory exceed 64 MB, or a sequence has too many items.
    Exception
        An exception of pydicom, of many kinds, where the bytes are damaged.
    """
    # Values that violate the standard are accepted without validation.
    config.settings.reading_validation_mode = config.IGNORE
    limited = LimitedStream(path, stream)
    header = dcmread(
        cast(BinaryIO, limited),
        defer_size=_LARGEST_ELEMENT,
        stop_before_pixels=True,
        specific_tags=_as_tags(tuple(tags)) if tags else None,
        force=True,
    )
    header.buffer = None  # nothing may be read later, when the stream is closed
    _settle_large_elements(header, limited)
    return header


@cache  # thousands of files are parsed with the same tags
def _as_tags(tags: tuple[str | int, ...]) -> list[BaseTag]:
    return [Tag(tag) for tag in tags]


class LimitedStream:
    """A stream that limits the total number of bytes and reads to those of a large header.

    Raises
    ------
    ScanError
        By :meth:`read`, where a limit would be exceeded.
    """

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream
        self._bytes, self._reads = _LARGEST_HEADER, _MOST_READS
        # pydicom calls these before every element: direct references save a call each time.
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        """Return ``size`` bytes, or fewer at the end of the stream."""
        self._bytes -= size
        self._reads -= 1
        if size < 0 or self._bytes < 0 or self._reads < 0:
            raise self._too_large()
        content = self._stream.read(size)
        if size > _MOST_ITEMS * _ITEM_BYTES and max(map(content.count, _ITEM_TAGS)) > _MOST_ITEMS:
            raise self._too_large()
        return content

    def _too_large(self) -> ScanError:
        return ScanError(
            f"The header of {self._path.name} is larger than {_LARGEST_HEADER // 1_000_000} "
            f"MB, or damaged. Export the scan again, split into several files."
        )


def _settle_large_elements(header: FileDataset, stream: LimitedStream) -> None:
    """Read or remove the large elements whose reading pydicom deferred."""
    end = stream.tell()
    for tag in list(header.keys()):
        element = cast(Any, header.get_item(tag, keep_deferred=True))
        if not isinstance(element, RawDataElement) or element.value is not None:
            continue
        if tag in _ALWAYS:
            stream.seek(element.value_tell)
            header[tag] = element._replace(value=stream.read(element.length))
        elif element.length:
            del header[tag]
    stream.seek(end)

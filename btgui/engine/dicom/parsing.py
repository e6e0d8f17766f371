"""DICOM headers parsed within limits: the lengths that they state must not fill the memory."""

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

_LARGEST_ELEMENT = 16_000_000  # a maker's raw data, perhaps: nothing that is shown
_LARGEST_HEADER = 64_000_000
_MOST_READS = 4_000_000  # an element takes one to three, and much more memory than bytes
# What frames say of themselves, and what a DICOMDIR lists, is one element, however long.
_ALWAYS = {0x52009229, 0x52009230, 0x00041220}
# Of a sequence, whose items become a hundred times their bytes once they are looked at.
_MOST_ITEMS = 1_000_000
_ITEM_BYTES, _ITEM_TAGS = 8, (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")  # in either order of bytes


def parse_header(
    path: Path, stream: BinaryIO, tags: Sequence[str | int] | None = None
) -> FileDataset:
    """Return all elements before the pixels, or those of ``tags``; the stream stands behind them.

    Elements above 16 MB are left out, but for frames' functional groups and a DICOMDIR's list.

    Parameters
    ----------
    path
        Named in messages.
    stream
        A file at its start, not deflated.

    Raises
    ------
    ScanError
        What is to be held in memory has more than 64 MB, or a sequence too many items.
    Exception
        pydicom's, of many kinds, where the bytes are damaged.
    """
    # Values are taken as they are, whatever the standard says of them.
    config.settings.reading_validation_mode = config.IGNORE
    limited = LimitedStream(path, stream)
    header = dcmread(
        cast(BinaryIO, limited),
        defer_size=_LARGEST_ELEMENT,
        stop_before_pixels=True,
        specific_tags=_as_tags(tuple(tags)) if tags else None,
        force=True,
    )
    header.buffer = None  # nothing is to be read later: the stream is closed then
    _settle_large_elements(header, limited)
    return header


@cache  # for thousands of files they are the same
def _as_tags(tags: tuple[str | int, ...]) -> list[BaseTag]:
    return [Tag(tag) for tag in tags]


class LimitedStream:
    """A stream of which only as much is read as a header may hold.

    Raises
    ------
    ScanError
        By :meth:`read`, where it would be more.
    """

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path, self._stream = path, stream
        self._bytes, self._reads = _LARGEST_HEADER, _MOST_READS
        # pydicom seeks and asks for the place before every element: not through one more call.
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer at the end."""
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
            f"MB, or damaged. Export the scan again, in several files."
        )


def _settle_large_elements(header: FileDataset, stream: LimitedStream) -> None:
    """Read or remove what pydicom put off to read it when it is asked for."""
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

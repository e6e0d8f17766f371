"""Modality LUTs, VOI LUTs and palette colour LUTs in DICOM headers (PS3.3 C.11.1, C.11.2, C.7.6.3).

pydicom's own functions are not used because they store table indexes in the data type of the
entries (index 256 of an 8-bit table becomes 0), read palettes in the byte order of the computer
instead of the file's, and expand segmented palettes to any number of entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
_COLOURS = ("Red", "Green", "Blue")
_MOST_ENTRIES = 2**16  # stated as 0 in a descriptor, which has 16 bits
_BYTE = 8  # bits
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2  # segment types


@dataclass(frozen=True, eq=False)
class LookupTable:
    """A lookup table whose first entry maps the value ``first``.

    Values beyond its ends map to its first or last entry.
    """

    first: int
    entries: NDArray[np.float32]

    def of(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return the entry to which each value maps."""
        places = np.clip(np.rint(values.astype(np.float64) - self.first), 0, len(self.entries) - 1)
        return self.entries[places.astype(np.intp)]


def table_in(dataset: Dataset, sequence: str) -> LookupTable | None:
    """Return the lookup table in a sequence's first item; None where there is none.

    Parameters
    ----------
    sequence
        "ModalityLUTSequence" or "VOILUTSequence".
    """
    item = next(iter(dataset.get(sequence) or ()), None)
    if item is None or "LUTData" not in item:
        return None
    count, first, _ = item.LUTDescriptor
    if sequence == "VOILUTSequence" and float(dataset.get("RescaleIntercept") or 0) < 0:
        # Where rescaled values may be negative, the first value mapped is signed (C.11.2.1.1), but
        # pydicom reads it with the signedness of the stored pixels: 64512 for -1024.
        first = (first + 2**15) % 2**16 - 2**15
    entries = _entries(item.LUTData, _number_of(count), little_endian=_is_little_endian(dataset))
    return LookupTable(first, entries.astype(np.float32))


def palette_in(dataset: Dataset) -> LookupTable:
    """Return a table of the luma, 0 to 255, of the palette's colours.

    Raises
    ------
    Exception
        An exception of pydicom or numpy, of many kinds, where the palette is missing or damaged.
    """
    count, first, bits = dataset.RedPaletteColorLookupTableDescriptor
    little_endian = _is_little_endian(dataset)

    def table(colour: str) -> NDArray[Any]:
        name = f"{colour}PaletteColorLookupTableData"
        if name in dataset:
            content = dataset[name].value
            return _entries(content, _number_of(count), little_endian=little_endian)
        words = _words(dataset[f"Segmented{name}"].value, little_endian=little_endian)
        return _unfolded(words.view(np.uint8) if bits <= _BYTE else words, _number_of(count))

    colours = np.stack([table(colour) for colour in _COLOURS], axis=-1)
    # Entries may be stored in 8 bits whatever the descriptor states.
    highest = 2.0 ** (bits - _BYTE) if colours.itemsize > 1 else 1.0
    return LookupTable(first, (colours @ _LUMA / highest).astype(np.float32))


def _number_of(count: int) -> int:
    return count % _MOST_ENTRIES or _MOST_ENTRIES


def _is_little_endian(dataset: Dataset) -> bool:
    _, little_endian = dataset.original_encoding
    return little_endian is not False


def _words(content: bytes, *, little_endian: bool) -> NDArray[np.uint16]:
    """Return 16-bit words in little-endian order.

    Viewed as bytes, the first of two entries packed into one word is its low byte.
    """
    return np.frombuffer(content, "<u2" if little_endian else ">u2").astype("<u2")


def _entries(content: Any, wanted: int, *, little_endian: bool) -> NDArray[Any]:  # noqa: ANN401  (as pydicom has it)
    """Return a table's entries, as 8-bit numbers where they are stored in 8 bits.

    Raises
    ------
    ValueError
        There are fewer entries than the descriptor states.
    """
    if not isinstance(content, bytes):
        return np.atleast_1d(np.asarray(content, np.uint16))[:wanted]
    words = _words(content, little_endian=little_endian)
    if len(words) >= wanted:
        return words[:wanted]
    if len(content) not in {wanted, wanted + 1}:
        raise ValueError(f"expected a table of {wanted} entries, received {len(content)} bytes")
    return words.view(np.uint8)[:wanted]


def _unfolded(numbers: NDArray[Any], wanted: int) -> NDArray[Any]:
    """Return the entries of a segmented palette colour LUT (PS3.3 C.7.9.2).

    Raises
    ------
    IndexError, ValueError
        The segments are damaged, or yield too few entries.
    """
    found: list[float] = []
    pointer_size = 4 // numbers.itemsize

    def unfold(place: int, segments: int, *, copied: bool = False) -> None:
        while segments and len(found) < wanted:
            kind, length = numbers[place : place + 2].tolist()
            place, segments = place + 2, segments - 1
            if kind == _DISCRETE:
                found.extend(numbers[place : place + length].tolist())
                place += length
            elif kind == _LINEAR:
                found.extend(np.rint(np.linspace(found[-1], numbers[place], length + 1))[1:])
                place += 1
            elif kind == _INDIRECT and not copied:
                pointer = numbers[place : place + pointer_size].tobytes()
                unfold(int.from_bytes(pointer, "little") // numbers.itemsize, length, copied=True)
                place += pointer_size
            else:
                raise ValueError(f"expected a segment of kind 0 to 2, received {kind}")

    unfold(0, len(numbers))
    return np.array(found[:wanted], numbers.dtype)

"""Lookup tables in DICOM headers, for values, for greys and for colours (PS3.3 C.11.1, C.11.2, C.7.6.3).

pydicom's own functions hold places in a table in numbers as small as its entries, where place 256 of a
table of bytes becomes 0, and read palettes in the computer's order of bytes, whatever the file's is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
_COLOURS = ("Red", "Green", "Blue")
_MOST_ENTRIES = 2**16  # which a descriptor, of 16 bits, has to call 0


@dataclass(frozen=True, eq=False)
class LookupTable:
    """What stands for ``first`` and the values that follow it; beyond its ends, its end."""

    first: int
    entries: NDArray[np.float32]

    def of(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return what stands for each of these values."""
        places = np.clip(np.rint(values.astype(np.float64) - self.first), 0, len(self.entries) - 1)
        return self.entries[places.astype(np.intp)]


def table_in(dataset: Dataset, sequence: str) -> LookupTable | None:
    """Return the table in a sequence's first item; None where there is none.

    Parameters
    ----------
    sequence
        "ModalityLUTSequence" or "VOILUTSequence".
    """
    item = next(iter(dataset.get(sequence) or ()), None)
    if item is None or "LUTData" not in item:
        return None
    count, first, _ = item.LUTDescriptor
    _, little_endian = dataset.original_encoding
    entries = _entries(item.LUTData, count, little_endian=little_endian is not False)
    return LookupTable(first, entries.astype(np.float32))


def palette_in(dataset: Dataset) -> LookupTable:
    """Return the luma, 0 to 255, of the colours in a palette.

    Raises
    ------
    Exception
        pydicom's and numpy's, of many kinds, where there is none or it is damaged.
    """
    count, first, bits = dataset.RedPaletteColorLookupTableDescriptor
    if "RedPaletteColorLookupTableData" in dataset:
        _, little_endian = dataset.original_encoding
        content = (dataset[f"{name}PaletteColorLookupTableData"].value for name in _COLOURS)
        colours = np.stack(
            [_entries(one, count, little_endian=little_endian is not False) for one in content],
            axis=-1,
        )
    else:  # in segments
        colours = apply_color_lut(
            first + np.arange(count % _MOST_ENTRIES or _MOST_ENTRIES), dataset
        )
    # Entries may be bytes, whatever the descriptor says.
    highest = 2.0 ** (bits - 8) if colours.itemsize > 1 else 1.0
    return LookupTable(first, (colours[..., :3] @ _LUMA / highest).astype(np.float32))


def _entries(content: Any, count: int, *, little_endian: bool) -> NDArray[Any]:  # noqa: ANN401  (as pydicom has it)
    """Return a table's entries, in numbers of one byte where they are stored so.

    Raises
    ------
    ValueError
        There are fewer than the table is said to have.
    """
    wanted = count % _MOST_ENTRIES or _MOST_ENTRIES
    if not isinstance(content, bytes):
        return np.atleast_1d(np.asarray(content, np.uint16))[:wanted]
    words = np.frombuffer(content, "<u2" if little_endian else ">u2")
    if len(words) >= wanted:
        return words[:wanted]
    if len(content) not in {wanted, wanted + 1}:
        raise ValueError(f"expected a table of {wanted} entries, received {len(content)} bytes")
    # Bytes stand two in a word, the first in its lower half.
    return words.astype("<u2").view(np.uint8)[:wanted]

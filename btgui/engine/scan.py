"""What a file holds once it has been read: one two-dimensional MRI slice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import Edges

PERCENTILES_SOURCE = "0.5th to 99.5th percentile of the values"
SERIES_SOURCE = "0.5th to 99.5th percentile of the series"
TABLE_SOURCE = "VOI LUT in the DICOM header"  # then ``window`` is only what readers begin with
SIGMOID_SOURCE = "sigmoid window in the DICOM header"
SIGMOID, LOOKUP_TABLE = "sigmoid", "VOI LUT"
_CURVES = {SIGMOID_SOURCE: SIGMOID, TABLE_SOURCE: LOOKUP_TABLE}
# What can be between two pixels or slices: from micrometres of a specimen to a topogram.
_SHORTEST_MM, _LONGEST_MM = 0.001, 100.0


@dataclass(frozen=True)
class Window:
    """A linear display window in the units of :attr:`Scan.values`.

    Attributes
    ----------
    centre, width
        Black half a width below the centre, white half a width above.
    stated
        Centre and width in the header, where these are another pair: its LINEAR function spans
        one less (DICOM PS3.3 C.11.2.1.2.1).
    """

    centre: float
    width: float
    stated: tuple[float, float] | None = field(default=None, compare=False, kw_only=True)

    def numbers(self) -> tuple[float, float]:
        """Return (centre, width) for the reader: those of the header where it states them."""
        return self.stated or (self.centre, self.width)


@dataclass(frozen=True)
class Greys:
    """How a slice's values became the greys that a network is fed.

    Attributes
    ----------
    source
        In words, where the window came from, as :attr:`Scan.window_source`.
    window
        None where no window did it: an 8-bit or colour picture, or a table of the header's.
    """

    source: str
    window: Window | None


@dataclass(frozen=True, order=True)
class ScanAddress:
    """One picture: a file and, where it holds several, which of them (from 0)."""

    path: Path
    frame: int = 0

    def __str__(self) -> str:
        """Return the address for the reader: "file.dcm" or "file.dcm, frame 12"."""
        return f"{self.path.name}, frame {self.frame + 1}" if self.frame else self.path.name


def is_length(millimetres: float) -> bool:
    """Whether pixels or slices can be so far apart; not where it is no finite number."""
    return _SHORTEST_MM <= millimetres <= _LONGEST_MM


def spacing_of(between_rows: float, between_columns: float) -> tuple[float, float] | None:
    """Return both in millimetres, None where no scan can have them: nothing is measured by it."""
    known = is_length(between_rows) and is_length(between_columns)
    return (between_rows, between_columns) if known else None


@dataclass(frozen=True, eq=False)
class Scan:
    """One slice, upright, with its provenance.

    Attributes
    ----------
    path
        The file it came from.
    grey
        (height, width) uint8, 0 black to 255 white: what the reader is first
        shown and what every network is fed. All orientation and photometric
        corrections are applied.
    values
        (height, width) float32: the same slice at its full depth, before any
        window (DICOM: after the modality rescale), for brightness and contrast.
    window
        The window that turned ``values`` into ``grey``; None where ``values`` are
        already 8-bit and were left as they are.
    window_source
        In words, where that window came from ("window in the DICOM header",
        :data:`PERCENTILES_SOURCE`, "8-bit image, unchanged").
    spacing_mm
        (between rows, between columns) in millimetres, or None where the file
        does not say, or says what cannot be; never guessed.
    pixel_aspect
        (height, width) of a pixel, the smaller 1: of a file that tells their proportion alone.
    file_format
        "JPEG", "PNG", "BMP", "TIFF", "DICOM" or "NIfTI".
    inverted
        True where high values are dark (DICOM's MONOCHROME1).
    sha256
        Digest of the file's bytes: identifies content in records.
    metadata
        Facts for display, label to text. No patient identity.
    frame
        Which picture of its file this is, from 0.
    edges
        The letters at the four edges of the picture; None where the file does not say.
    plane
        "axial", "coronal", "sagittal", "oblique", or "" where it cannot be told.
    lossy
        In words, how the picture was compressed with loss; "" where it was not.
    header
        Every element that can be shown, "Keyword (gggg,eeee)" to text. It identifies
        the patient: it is kept in memory only.
    header_patient
        The keys of ``header`` that identify the patient.
    slice_location_mm
        Place along the slice's normal in millimetres, growing to the patient's left, back or
        head; or None.
    padding
        (lowest, highest) of the ``values`` that fill the picture up and are no part of it:
        no window is taken from them. None where the file names none.
    """

    path: Path
    grey: NDArray[np.uint8]
    values: NDArray[np.float32]
    window: Window | None
    window_source: str
    file_format: str
    sha256: str
    inverted: bool = False
    spacing_mm: tuple[float, float] | None = None
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    frame: int = 0
    edges: Edges | None = None
    plane: str = ""
    lossy: str = ""
    header: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    header_patient: frozenset[str] = frozenset()
    slice_location_mm: float | None = None
    padding: tuple[float, float] | None = None
    pixel_aspect: tuple[float, float] = (1.0, 1.0)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """(height, width) of a pixel, to draw it: in millimetres where the file gives them."""
        return self.spacing_mm or self.pixel_aspect

    @property
    def address(self) -> ScanAddress:
        """Where it was read from: the file and the frame."""
        return ScanAddress(self.path, self.frame)

    @property
    def greys(self) -> Greys:
        """What turned ``values`` into ``grey``."""
        by_table = self.window_source == TABLE_SOURCE
        return Greys(self.window_source, None if by_table else self.window)

    @property
    def curve(self) -> str:
        """:data:`SIGMOID` or :data:`LOOKUP_TABLE` where ``values`` are drawn by one, else ""."""
        return _CURVES.get(self.window_source, "")

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.grey.shape[0], self.grey.shape[1]

    def values_sha256(self) -> str:
        """Return the SHA-256 of ``values`` as float32, little-endian, row by row, in hexadecimal.

        It tells whether two programs read the same pixel values from a file.
        """
        return sha256(np.ascontiguousarray(self.values, "<f4").tobytes()).hexdigest()

"""The scan, one two-dimensional MRI slice as read from a file, and its address and window."""

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
TABLE_SOURCE = "VOI LUT in the DICOM header"  # ``window`` is then only the reader's initial window
SIGMOID_SOURCE = "sigmoid window in the DICOM header"
SIGMOID, LOOKUP_TABLE = "sigmoid", "VOI LUT"
_CURVES = {SIGMOID_SOURCE: SIGMOID, TABLE_SOURCE: LOOKUP_TABLE}
# Plausible distances between pixels or slices: from micrometres of a specimen to a topogram.
_SHORTEST_MM, _LONGEST_MM = 0.001, 100.0


@dataclass(frozen=True)
class Window:
    """A linear display window in the units of :attr:`Scan.values`.

    Attributes
    ----------
    centre, width
        Black lies half a width below the centre, white half a width above.
    stated
        Centre and width as stated in the header, if they differ: DICOM's LINEAR function spans
        a width of one less (PS3.3 C.11.2.1.2.1).
    """

    centre: float
    width: float
    stated: tuple[float, float] | None = field(default=None, compare=False, kw_only=True)

    def numbers(self) -> tuple[float, float]:
        """Return (centre, width) for display: as stated in the header, if it states them."""
        return self.stated or (self.centre, self.width)


@dataclass(frozen=True)
class Greys:
    """How a slice's pixel values became the grey levels of the network's input.

    Attributes
    ----------
    source
        The window's origin in words, as in :attr:`Scan.window_source`.
    window
        None where no window was applied: to 8-bit and colour images, or with a VOI LUT.
    """

    source: str
    window: Window | None


@dataclass(frozen=True, order=True)
class ScanAddress:
    """The address of a scan: a file and, if it holds several, the frame (from 0)."""

    path: Path
    frame: int = 0

    def __str__(self) -> str:
        """Return the address for the reader: "file.dcm" or "file.dcm, frame 12"."""
        return f"{self.path.name}, frame {self.frame + 1}" if self.frame else self.path.name


def is_length(millimetres: float) -> bool:
    """Whether a distance between pixels or slices is plausible; false if it is not finite."""
    return _SHORTEST_MM <= millimetres <= _LONGEST_MM


def spacing_of(between_rows: float, between_columns: float) -> tuple[float, float] | None:
    """Return both spacings in millimetres; None if either is implausible, to prevent measurements."""
    known = is_length(between_rows) and is_length(between_columns)
    return (between_rows, between_columns) if known else None


@dataclass(frozen=True, eq=False)
class Scan:
    """One slice, upright, with its provenance.

    Attributes
    ----------
    path
        The file that the scan was read from.
    grey
        (height, width) uint8, 0 black to 255 white: the initial display and the input of
        every network's preprocessing. All orientation and photometric corrections are applied.
    values
        (height, width) float32: the same slice at its full depth, before any
        window (DICOM: after the modality rescale), for brightness and contrast.
    window
        The window that maps ``values`` to ``grey``; None if ``values`` are
        already 8-bit grey levels.
    window_source
        The window's origin in words ("window in the DICOM header",
        :data:`PERCENTILES_SOURCE`, "8-bit image, unchanged",
        "8-bit colour image, converted to grey").
    spacing_mm
        (between rows, between columns) in millimetres; None if the file states none,
        or an implausible one. Never guessed.
    pixel_aspect
        (height, width) of a pixel, the smaller 1, from files that state only their ratio.
    file_format
        "JPEG", "PNG", "BMP", "TIFF", "DICOM" or "NIfTI".
    inverted
        True where high values are dark (DICOM's MONOCHROME1).
    sha256
        Digest of the file's bytes: identifies content in records.
    metadata
        Facts for display, label to text. Nothing here identifies the patient.
    frame
        The index of the scan in its file, from 0.
    edges
        The orientation letters at the four edges; None if the orientation is unknown.
    plane
        "axial", "coronal", "sagittal" or "oblique"; "" if the orientation is unknown.
    lossy
        The lossy compression in words; "" without any.
    header
        Every element that can be displayed, "Keyword (gggg,eeee)" to text. The header
        identifies the patient: it is kept in memory only.
    header_patient
        The keys of ``header`` that identify the patient.
    slice_location_mm
        Position along the slice's normal in millimetres, growing towards the patient's left,
        back or head; or None.
    padding
        (lowest, highest) of the ``values`` that are padding and not part of the image:
        they are black, and ignored when a window is computed. None if the file states none.
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
        """(height, width) of a pixel for display, in millimetres if the file states them."""
        return self.spacing_mm or self.pixel_aspect

    @property
    def address(self) -> ScanAddress:
        """The file and the frame that the scan was read from."""
        return ScanAddress(self.path, self.frame)

    @property
    def greys(self) -> Greys:
        """The window that maps ``values`` to ``grey``, with its origin."""
        by_table = self.window_source == TABLE_SOURCE
        return Greys(self.window_source, None if by_table else self.window)

    @property
    def curve(self) -> str:
        """:data:`SIGMOID` or :data:`LOOKUP_TABLE` if ``grey`` results from one, else ""."""
        return _CURVES.get(self.window_source, "")

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.grey.shape[0], self.grey.shape[1]

    def values_sha256(self) -> str:
        """Return the SHA-256 of ``values`` as float32, little-endian, row by row, in hexadecimal.

        The digest shows whether two programs read the same pixel values from a file.
        """
        return sha256(np.ascontiguousarray(self.values, "<f4").tobytes()).hexdigest()

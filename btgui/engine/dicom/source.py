"""Reading a frame of a DICOM file as a scan, with pydicom and its free decoders.

The order of operations follows DICOM PS3.3 C.11 and PS3.4 N.2: modality rescale, then VOI
LUT or window, then MONOCHROME1 inversion. Nothing is reduced to 8 bits before that. Padding is
black.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import UID

from btgui.engine.dicom.compression import plain_stream
from btgui.engine.dicom.file import DicomFile, open_dicom
from btgui.engine.dicom.header_values import first_number_in, listed_in, numbers_in, text_in
from btgui.engine.dicom.header_words import header_texts, lossy_words
from btgui.engine.dicom.headers import orientation_in, position_in
from btgui.engine.dicom.lookup_tables import LookupTable, palette_in, table_in
from btgui.engine.dicom.mark import HEAD_BYTES, looks_like_dicom
from btgui.engine.dicom.parsing import parse_header
from btgui.engine.errors import ScanError
from btgui.engine.geometry import edges_of, location_of, plane_of
from btgui.engine.pictures.measurement import usable_spacing
from btgui.engine.pictures.window_level import (
    apply_window,
    full_range,
    in_blocks,
    window_of_header,
    window_of_percentiles,
    with_black_padding,
    without_padding,
)
from btgui.engine.scan import (
    PERCENTILES_SOURCE,
    SERIES_SOURCE,
    SIGMOID_SOURCE,
    TABLE_SOURCE,
    Scan,
    Window,
    spacing_of,
)

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
# Shown to the reader. None of these elements names a patient, a place or another person.
_SHOWN = {
    "Modality": "Modality",
    "MR acquisition": "MRAcquisitionType",
    "Scanning sequence": "ScanningSequence",
    "Sequence": "SequenceName",
    "Field strength (T)": "MagneticFieldStrength",
    "Slice thickness (mm)": "SliceThickness",
    "Echo time (ms)": "EchoTime",
    "Repetition time (ms)": "RepetitionTime",
}
# The elements that enhanced files have instead (PS3.3 C.8.13.4 and C.8.13.5).
_ENHANCED = {"EchoTime": "EffectiveEchoTime", "SequenceName": "PulseSequenceName"}
_WHOSE = ("PatientID", "StudyInstanceUID")


def read_dicom(
    path: Path, frame: int = 0, window: Window | None = None, stream: BinaryIO | None = None
) -> Scan:
    """Read one frame (from 0) of a DICOM file; other frames are not decoded.

    Parameters
    ----------
    window
        The window of the series, used where the frame's header gives none.
    stream
        The file's stream at its start, if the file is open already.

    Raises
    ------
    ScanError
        The file is damaged, has no such frame, or has a transfer syntax that no available decoder
        supports.
    OSError
        The file cannot be opened.
    """
    syntax: UID | None = None
    try:
        file = open_dicom(path, stream)
        syntax = file.syntax
        return _scan(file, frame, window, stream)
    except (ScanError, OSError):
        raise
    except Exception as error:  # decoders raise many kinds on damaged bytes
        raise _undecodable(path, syntax) from error


def _scan(file: DicomFile, frame: int, of_series: Window | None, opened: BinaryIO | None) -> Scan:
    if not 0 <= frame < file.frames:
        raise ScanError(
            f"{file.path.name} has {file.frames} frames; there is no frame {frame + 1}."
        )
    dataset = file.frame_header(frame)
    values = _values(dataset, file.frame_pixels(frame, opened))
    padding = _padding(dataset)
    grey, window, source = _grey(dataset, values, padding, of_series)
    orientation, position = orientation_in(dataset), position_in(dataset)
    if file.frames > 1 and "PerFrameFunctionalGroupsSequence" not in file.header:
        position = None  # a single position for the whole file cannot be that of every frame
    header, header_patient = header_texts(dataset)
    return Scan(
        path=file.path,
        grey=grey,
        values=values,
        window=window,
        window_source=source,
        file_format="DICOM",
        sha256=file.sha256,
        inverted=dataset.get("PhotometricInterpretation") == "MONOCHROME1",
        spacing_mm=_spacing(dataset),
        metadata=_metadata(dataset, grey.shape, frame, file.frames),
        frame=frame,
        edges=edges_of(orientation),
        plane=plane_of(orientation),
        lossy=lossy_words(dataset, str(file.syntax)),
        header=header,
        header_patient=header_patient,
        slice_location_mm=location_of(position, orientation),
        padding=padding,
        pixel_aspect=_pixel_aspect(dataset),
    )


def read_patient_and_study(path: Path) -> tuple[str, str]:
    """Return a DICOM file's PatientID and StudyInstanceUID; "" for what it lacks.

    They keep patients apart when a data set is split, and must not be written anywhere. A file that is
    not a DICOM file, or is damaged, has neither.
    """
    try:
        with path.open("rb") as stream:
            if not looks_like_dicom(stream.read(HEAD_BYTES)):
                return "", ""
            header = parse_header(path, plain_stream(path, stream), _WHOSE)
        patient, study = (text_in(header, keyword) for keyword in _WHOSE)
    except Exception:  # noqa: BLE001  (a damaged file is reported when its pixels are read)
        return "", ""
    return patient, study


def _undecodable(path: Path, syntax: UID | None) -> ScanError:
    # A transfer syntax unknown to pydicom, private or newer than pydicom, is not damage either.
    if syntax is not None and (not syntax.is_transfer_syntax or syntax.is_compressed):
        return ScanError(
            f"{path.name} cannot be decoded: its compression ({syntax.name}) is not supported, "
            f"or the file is damaged. Export it uncompressed or copy it again."
        )
    return ScanError(
        f"{path.name} is damaged or incomplete: its image cannot be decoded. "
        f"Copy or export it again."
    )


def _values(dataset: Dataset, pixels: NDArray[Any]) -> NDArray[np.float32]:
    """Return (rows, columns) modality values; colour is converted to luma."""
    interpretation = str(dataset.get("PhotometricInterpretation", "MONOCHROME2"))
    if interpretation == "PALETTE COLOR":
        return in_blocks(pixels, palette_in(dataset).of, np.float32)
    if pixels.ndim == 3:  # noqa: PLR2004  (rows, columns and colours)
        # pydicom has converted YBR to RGB already, whether compressed or not.
        return in_blocks(pixels, lambda rgb: rgb[..., :3].astype(np.float32) @ _LUMA, np.float32)
    return in_blocks(pixels, lambda part: _rescaled(part, dataset), np.float32)


def _rescaled(pixels: NDArray[Any], dataset: Dataset) -> NDArray[np.float32]:
    if (table := table_in(dataset, "ModalityLUTSequence")) is not None:
        values = table.of(pixels)
    else:
        # Some files have an empty slope or a slope of 0, which cannot mean an all-black image.
        slope = float(dataset.get("RescaleSlope") or 1) or 1.0
        intercept = float(dataset.get("RescaleIntercept") or 0)
        with np.errstate(all="ignore"):  # a damaged slope may overflow
            values = (pixels.astype(np.float64) * slope + intercept).astype(np.float32)
    if not np.isfinite(values).all():
        if pixels.dtype.kind != "f":  # the slope is damaged, and the whole image would be black
            raise ValueError("expected a rescale to finite numbers")
        values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    return values


def _grey(
    dataset: Dataset,
    values: NDArray[np.float32],
    padding: tuple[float, float] | None,
    of_series: Window | None,
) -> tuple[NDArray[np.uint8], Window | None, str]:
    """Return the grey levels as the header specifies them, the window, and its source in words."""
    interpretation = str(dataset.get("PhotometricInterpretation", "MONOCHROME2"))
    if not interpretation.startswith("MONOCHROME"):
        depth = 2.0 ** (int(dataset.get("BitsStored", 8)) - 8)
        scale = 1.0 if interpretation == "PALETTE COLOR" else depth
        grey = in_blocks(values, lambda part: np.clip(np.rint(part / scale), 0, 255), np.uint8)
        return grey, None, "luma of the colour image"
    window = _header_window(dataset)
    if (table := table_in(dataset, "VOILUTSequence")) is not None:
        grey = apply_window(in_blocks(values, table.of, np.float32), _range_of(table))
        window, source = full_range(without_padding(values, padding)), TABLE_SOURCE
    elif window is not None and str(dataset.get("VOILUTFunction", "LINEAR")) == "SIGMOID":
        grey, source = _sigmoid(values, window), SIGMOID_SOURCE
    elif window is not None:
        grey, source = apply_window(values, window), "window in the DICOM header"
    elif of_series is not None:
        window = of_series
        grey, source = apply_window(values, window), SERIES_SOURCE
    else:
        window = window_of_percentiles(without_padding(values, padding))
        grey, source = apply_window(values, window), PERCENTILES_SOURCE
    if interpretation == "MONOCHROME1":
        grey = 255 - grey
    return with_black_padding(grey, values, padding), window, source


def _sigmoid(values: NDArray[np.float32], window: Window) -> NDArray[np.uint8]:
    """Apply the SIGMOID function (PS3.3 C.11.2.1.3.1), written as a tanh, which cannot overflow."""

    def curve(part: NDArray[np.float32]) -> NDArray[np.float32]:
        share = (1 + np.tanh(2 * (part - window.centre) / window.width)) / 2
        return np.asarray(np.rint(share * 255), np.float32)

    return in_blocks(values, curve, np.uint8)


def _header_window(dataset: Dataset) -> Window | None:
    centre = first_number_in(dataset, "WindowCenter")
    width = first_number_in(dataset, "WindowWidth")
    if centre is None or width is None:
        return None
    return window_of_header(centre, width, str(dataset.get("VOILUTFunction", "LINEAR")))


def _range_of(table: LookupTable) -> Window:
    """Return the output range of a VOI LUT, whichever entries an image uses.

    The largest entry counts, not the stated depth: 12-bit tables often state 16 bits.
    """
    highest = max(1.0, float(table.entries.max()))
    return Window(highest / 2, highest)


def _padding(dataset: Dataset) -> tuple[float, float] | None:
    """Return the lowest and highest padding value, rescaled (PS3.3 C.7.5.1.1.2)."""
    value = first_number_in(dataset, "PixelPaddingValue")
    limit = first_number_in(dataset, "PixelPaddingRangeLimit")
    if value is None:
        return None
    stored = [_as_stored(dataset, end) for end in (value, value if limit is None else limit)]
    low, high = sorted(float(end) for end in _rescaled(np.array(stored), dataset))
    return (low, high)


def _as_stored(dataset: Dataset, value: float) -> int:
    # Vendors write negative padding values as unsigned numbers: 63536 for -2000.
    bits = 2 ** int(dataset.get("BitsAllocated", 16))
    signed = dataset.get("PixelRepresentation") == 1
    whole = int(max(-bits, min(value, bits)))
    return whole - bits if signed and whole >= bits // 2 else whole


def _spacing(dataset: Dataset) -> tuple[float, float] | None:
    found = numbers_in(dataset, "PixelSpacing", 2)
    return spacing_of(*found) if found else None


def _pixel_aspect(dataset: Dataset) -> tuple[float, float]:
    found = numbers_in(dataset, "PixelAspectRatio", 2)
    usable = usable_spacing((found[0], found[1])) if found else None
    height, width = usable or (1.0, 1.0)
    return height / min(height, width), width / min(height, width)


def _metadata(dataset: Dataset, shape: tuple[int, ...], frame: int, frames: int) -> dict[str, str]:
    # Floating-point pixel data has no BitsStored.
    bits = dataset.get("BitsStored") or dataset.get("BitsAllocated", "?")
    facts = {"Size": f"{shape[1]} x {shape[0]}", "Depth": f"{bits} bits"}
    if frames > 1:
        facts["Frame"] = f"{frame + 1} of {frames}"
    for label, keyword in _SHOWN.items():
        values = listed_in(dataset, keyword) or listed_in(dataset, _ENHANCED.get(keyword, ""))
        if text := ", ".join(str(value) for value in values if value != ""):
            facts[label] = text
    if text_in(dataset, "ContrastBolusAgent"):
        facts["Contrast agent"] = "yes"
    return facts

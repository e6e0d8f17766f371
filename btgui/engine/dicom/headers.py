"""The header values by which DICOM files are sorted; no pixel data is read.

Kept small, so that ten thousand headers fit into little memory. UIDs and the PatientID
distinguish files; they must not be written to any log.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from btgui.engine.dicom.frames import frame_count, frame_header
from btgui.engine.dicom.header_values import (
    number_in,
    numbers_in,
    text_in,
    value_in,
    whole_in,
)
from btgui.engine.dicom.mark import HEAD_BYTES, looks_like_dicom
from btgui.engine.dicom.traits import TRAIT_TAGS, Traits, traits_in
from btgui.engine.disk.ordinary_file import not_opened
from btgui.engine.disk.time_limit import read_in_time
from btgui.engine.errors import ScanError
from btgui.engine.geometry import Orientation, Vector, is_place

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_MAXIMUM_BYTES = 2_000_000_000
Places = tuple[tuple[Vector | None, Orientation | None], ...]
_MAXIMUM_FRAMES = 100_000
_FRAME_BYTES = 8  # an item's tag and length, which even an empty compressed frame takes
_TAGS = [
    *TRAIT_TAGS,
    "SOPClassUID",
    "SOPInstanceUID",
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "SeriesDescription",
    "Modality",
    "BodyPartExamined",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "FrameOfReferenceUID",
    "ScanningSequence",
    "RepetitionTime",
    "ContrastBolusAgent",
    "AcquisitionContrast",
    "EchoPulseSequence",
    "PulseSequenceName",
    "StudyDate",
    "StudyDescription",
]
_PLACE_GROUPS = ("PlanePositionSequence", "PlaneOrientationSequence")
_ECHOES = {"SPIN": "SE", "GRADIENT": "GR"}  # EchoPulseSequence to ScanningSequence


@dataclass(frozen=True, slots=True)
class Header:
    """The header values that sort a file into patient, study, series and volume.

    Attributes
    ----------
    kind, instance
        SOPClassUID and SOPInstanceUID.
    patient
        PatientID; without it, name and date of birth; "" where the header has none of these.
    size
        Rows and columns.
    bytes, modified_ns
        The file's size, and the time when it was last modified.
    frames
        Number of frames, at least 1 where the file holds an image; else 0.
    places
        For each frame, and at least once, ImagePositionPatient in millimetres and
        ImageOrientationPatient (six direction cosines); None where they are missing or invalid.
    contrast_agent
        Whether the header names a contrast agent; None where it lacks the element.
    acquired_contrast
        AcquisitionContrast of an enhanced file, such as "FLUID_ATTENUATED".
    is_mosaic
        Whether the image is a mosaic of slices, as Siemens store diffusion and functional scans.
    study_date
        StudyDate as in the header, usually YYYYMMDD.
    frame_of_reference
        FrameOfReferenceUID: positions can be compared only within one frame of reference.
    traits
        What distinguishes the images of a series, one for each frame.
    """

    path: Path
    kind: str
    instance: str
    patient: str
    study: str
    series: str
    series_number: int
    description: str
    number: int
    modality: str
    size: tuple[int, int]
    bytes: int
    modified_ns: int
    frames: int
    places: Places
    scanning: str
    variant: str
    repetition_ms: float | None
    contrast_agent: bool | None
    acquired_contrast: str
    study_date: str
    study_description: str
    body_part: str
    is_mosaic: bool
    frame_of_reference: str
    traits: tuple[Traits, ...]


def read_header(path: Path) -> Header:
    """Read a file's header, with or without preamble.

    Only regular files up to 2 GB are opened, because a pipe or device could block for ever.

    Raises
    ------
    ScanError
        The file is not a DICOM file, cannot be opened, has a damaged header, or takes longer than
        two minutes to read.
    """
    return read_in_time(path, lambda: header_of(path))


def header_of(path: Path) -> Header:
    """Read a file's header as :func:`read_header` does, but without a time limit."""
    try:
        return _read(path)
    except ScanError:
        raise
    except OSError as error:
        raise not_opened(path, error) from error
    except Exception as error:  # pydicom raises many kinds on damaged bytes
        raise ScanError(
            f"The header of {path.name} is damaged. Copy or export it again."
        ) from error


def _read(path: Path) -> Header:
    status = os.stat(path)  # noqa: PTH116  (Path's raises where the name is invalid)
    if not stat.S_ISREG(status.st_mode):
        raise ScanError(f"{path.name} is not a regular file. Open the scan file itself.")
    if status.st_size > _MAXIMUM_BYTES:
        raise ScanError(f"{path.name} is larger than 2 GB. Export its slices as separate files.")
    with path.open("rb") as stream:
        if not looks_like_dicom(stream.read(HEAD_BYTES)):
            raise ScanError(
                f"{path.name} is not a DICOM file, and its name does not end like that of a "
                f"picture or a NIfTI volume."
            )
        # Imported late: a folder of plain pictures needs no pydicom.
        from btgui.engine.dicom.compression import plain_stream
        from btgui.engine.dicom.parsing import parse_header

        return _header(path, status, parse_header(path, plain_stream(path, stream), _TAGS))


def _header(path: Path, status: os.stat_result, dataset: Dataset) -> Header:
    size = (whole_in(dataset, "Rows"), whole_in(dataset, "Columns"))
    frames = _checked_frames(path, status.st_size, dataset) if all(size) else 0
    own = frame_header(dataset, 0)  # enhanced files keep RepetitionTime in functional groups
    echoes = text_in(dataset, "EchoPulseSequence")
    return Header(
        path=path,
        kind=text_in(dataset, "SOPClassUID"),
        instance=text_in(dataset, "SOPInstanceUID"),
        patient=_patient(dataset),
        study=text_in(dataset, "StudyInstanceUID"),
        series=text_in(dataset, "SeriesInstanceUID"),
        series_number=whole_in(dataset, "SeriesNumber"),
        description=text_in(dataset, "SeriesDescription"),
        number=whole_in(dataset, "InstanceNumber"),
        modality=text_in(dataset, "Modality"),
        size=size,
        bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        frames=frames,
        places=_places(dataset, frames),
        scanning=text_in(dataset, "ScanningSequence") or _ECHOES.get(echoes, ""),
        variant=text_in(dataset, "SequenceName") or text_in(dataset, "PulseSequenceName"),
        repetition_ms=number_in(dataset, "RepetitionTime") or number_in(own, "RepetitionTime"),
        contrast_agent=_contrast(dataset),
        acquired_contrast=text_in(dataset, "AcquisitionContrast"),
        study_date=text_in(dataset, "StudyDate"),
        study_description=text_in(dataset, "StudyDescription"),
        body_part=text_in(dataset, "BodyPartExamined"),
        is_mosaic="MOSAIC" in text_in(dataset, "ImageType"),
        frame_of_reference=text_in(dataset, "FrameOfReferenceUID"),
        traits=traits_in(dataset, max(1, frames)),
    )


def _patient(dataset: Dataset) -> str:
    # Scans of two patients exported without PatientID must not be merged into one series.
    return text_in(dataset, "PatientID") or " ".join(
        filter(None, (text_in(dataset, "PatientName"), text_in(dataset, "PatientBirthDate")))
    )


def position_in(dataset: Dataset) -> Vector | None:
    """Return ImagePositionPatient in millimetres; None where it is missing, invalid or absurd."""
    found = numbers_in(dataset, "ImagePositionPatient", 3)
    return cast(Vector, found) if found and is_place(found) else None


def orientation_in(dataset: Dataset) -> Orientation | None:
    """Return ImageOrientationPatient; None where it is missing or invalid."""
    found = numbers_in(dataset, "ImageOrientationPatient", 6)
    return cast(Orientation, found) if found else None


def _checked_frames(path: Path, size: int, dataset: Dataset) -> int:
    # A malicious count must not fill the memory: every frame takes some bytes of the file.
    frames = frame_count(dataset)
    if frames > min(_MAXIMUM_FRAMES, max(1, size // _FRAME_BYTES)):
        raise ScanError(
            f"The header of {path.name} states {frames} frames, more than the file can hold. "
            f"Copy or export it again."
        )
    return frames


def _places(dataset: Dataset, frames: int) -> Places:
    """Return the position and orientation of each frame, at least one pair."""
    top = (position_in(dataset), orientation_in(dataset))
    found = []
    for frame in range(max(1, frames)):
        own = frame_header(dataset, frame, _PLACE_GROUPS)
        found.append((position_in(own) or top[0], orientation_in(own) or top[1]))
    if len(found) > 1 and not dataset.get("PerFrameFunctionalGroupsSequence"):
        # A single position for the whole file cannot be that of every frame.
        return tuple((None, orientation) for _, orientation in found)
    return tuple(found)


def _contrast(dataset: Dataset) -> bool | None:
    # An empty element states that no agent was given; a missing one states nothing.
    value = value_in(dataset, "ContrastBolusAgent")
    return None if "ContrastBolusAgent" not in dataset else bool(str(value or "").strip())

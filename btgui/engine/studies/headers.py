"""What sorting needs of a DICOM file, from its header alone: no pixels are read.

Kept light, so that ten thousand files fit into little memory. UIDs and the patient's
number tell files apart; they are to be written to no log.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from btgui.engine.dicom_mark import looks_like_dicom
from btgui.engine.errors import ScanError
from btgui.engine.studies.geometry import Orientation, Vector, is_place
from btgui.engine.time_limit import read_in_time

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_HEAD = 132
_MAXIMUM_BYTES = 2_000_000_000
Places = tuple[tuple[Vector | None, Orientation | None], ...]
_MAXIMUM_FRAMES = 100_000
_FRAME_BYTES = 8  # an item's tag and length: what even an empty compressed frame takes
_TAGS = [
    "SOPClassUID",
    "SOPInstanceUID",
    "ImageType",
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SeriesNumber",
    "SeriesDescription",
    "InstanceNumber",
    "Modality",
    "BodyPartExamined",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "ScanningSequence",
    "SequenceName",
    "EchoTime",
    "RepetitionTime",
    "InversionTime",
    "ContrastBolusAgent",
    "AcquisitionContrast",
    "EchoPulseSequence",
    "PulseSequenceName",
    "StudyDate",
    "StudyDescription",
]
_ECHOES = {"SPIN": "SE", "GRADIENT": "GR"}  # as ScanningSequence has them


@dataclass(frozen=True, slots=True)
class Header:
    """One file's place among patients, studies and series.

    Attributes
    ----------
    patient
        PatientID; where there is none, name and date of birth; "" where nothing tells.
    size
        Rows and columns.
    bytes, modified_ns
        The file's size, and when it was last written.
    frames
        At least 1 where the file holds a picture, else 0.
    position
        ImagePositionPatient in millimetres, None where it is missing or broken.
    orientation
        ImageOrientationPatient, six cosines, None where it is missing or broken.
    places
        Position and orientation of each frame, where there are several; else empty.
    contrast_agent
        Whether the header names one; None where it says nothing of it.
    acquired_contrast
        What an enhanced file states of its sequence, such as "FLUID_ATTENUATED".
    is_mosaic
        Whether its picture is a mosaic of slices, as Siemens store diffusion and functional scans.
    study_date
        As the header has it, usually YYYYMMDD.
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
    position: Vector | None
    orientation: Orientation | None
    places: Places
    scanning: str
    variant: str
    echo_ms: float | None
    repetition_ms: float | None
    inversion_ms: float | None
    contrast_agent: bool | None
    acquired_contrast: str = ""
    study_date: str = ""
    study_description: str = ""
    body_part: str = ""
    is_mosaic: bool = False


def read_header(path: Path, is_cancelled: Callable[[], bool] | None = None) -> Header:
    """Read a file's header, with or without preamble.

    Only ordinary files up to 2 GB are opened: a pipe or device could block for ever.

    Raises
    ------
    ScanError
        The file is no DICOM file, cannot be opened, its header is damaged, or reading it
        takes longer than two minutes.
    Cancelled
        ``is_cancelled``, asked while a drive does not answer, said so.
    """
    return read_in_time(path, lambda: _read_header(path), is_cancelled=is_cancelled)


def _read_header(path: Path) -> Header:
    try:
        _check_file(path)
        # A folder of pictures alone does not load DICOM's library.
        from pydicom import config

        from btgui.engine.dicom_compression import plain_stream
        from btgui.engine.dicom_parsing import parse_header

        with path.open("rb") as stream:
            config.settings.reading_validation_mode = config.IGNORE
            return _header(path, parse_header(path, plain_stream(path, stream), _TAGS))
    except ScanError:
        raise
    except OSError as error:
        raise ScanError(f"{path.name} cannot be opened. Check that you may read it.") from error
    except Exception as error:  # pydicom raises many kinds on damaged bytes
        raise ScanError(
            f"The header of {path.name} is damaged. Copy or export it again."
        ) from error


def _check_file(path: Path) -> None:
    status = os.stat(path)  # noqa: PTH116  (Path's raises where the name is impossible)
    if not stat.S_ISREG(status.st_mode):
        raise ScanError(f"{path.name} is not an ordinary file. Open the scan's own file.")
    if status.st_size > _MAXIMUM_BYTES:
        raise ScanError(f"{path.name} is larger than 2 GB. Export its slices one by one.")
    with path.open("rb") as stream:
        if not looks_like_dicom(stream.read(_HEAD)):
            raise ScanError(f"{path.name} is not a DICOM file. Open it on its own.")


def _header(path: Path, dataset: Dataset) -> Header:
    from btgui.engine.dicom_frames import frame_header

    size = (_whole(dataset, "Rows"), _whole(dataset, "Columns"))
    status = path.stat()
    frames = _checked_frames(path, dataset) if all(size) else 0
    places = _places(dataset, frames)
    own = frame_header(dataset, 0)  # enhanced files keep times in functional groups
    echoes = _text(dataset, "EchoPulseSequence")
    return Header(
        path=path,
        kind=_text(dataset, "SOPClassUID"),
        instance=_text(dataset, "SOPInstanceUID"),
        patient=_patient(dataset),
        study=_text(dataset, "StudyInstanceUID"),
        series=_text(dataset, "SeriesInstanceUID"),
        series_number=_whole(dataset, "SeriesNumber"),
        description=_text(dataset, "SeriesDescription"),
        number=_whole(dataset, "InstanceNumber"),
        modality=_text(dataset, "Modality"),
        size=size,
        bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        frames=frames,
        places=places if frames > 1 else (),
        position=places[0][0],
        orientation=places[0][1],
        scanning=_text(dataset, "ScanningSequence") or _ECHOES.get(echoes, ""),
        variant=_text(dataset, "SequenceName") or _text(dataset, "PulseSequenceName"),
        echo_ms=_float(dataset, "EchoTime") or _float(own, "EffectiveEchoTime"),
        repetition_ms=_float(dataset, "RepetitionTime") or _float(own, "RepetitionTime"),
        inversion_ms=_float(dataset, "InversionTime") or _float(own, "InversionTimes"),
        contrast_agent=_contrast(dataset),
        acquired_contrast=_text(dataset, "AcquisitionContrast"),
        study_date=_text(dataset, "StudyDate"),
        study_description=_text(dataset, "StudyDescription"),
        body_part=_text(dataset, "BodyPartExamined"),
        is_mosaic="MOSAIC" in _text(dataset, "ImageType"),
    )


def _patient(dataset: Dataset) -> str:
    # Scans of two people that were exported without an ID must not become one series.
    return _text(dataset, "PatientID") or " ".join(
        filter(None, (_text(dataset, "PatientName"), _text(dataset, "PatientBirthDate")))
    )


def position_in(dataset: Dataset) -> Vector | None:
    """Return ImagePositionPatient in millimetres, None where it is missing, broken or absurd."""
    found = _numbers(dataset, "ImagePositionPatient", 3)
    return cast(Vector, found) if found and is_place(found) else None


def orientation_in(dataset: Dataset) -> Orientation | None:
    """Return ImageOrientationPatient, None where it is missing or broken."""
    found = _numbers(dataset, "ImageOrientationPatient", 6)
    return cast(Orientation, found) if found else None


def _checked_frames(path: Path, dataset: Dataset) -> int:
    # A hostile count must not fill the memory: every frame takes some bytes of the file.
    from btgui.engine.dicom_frames import frame_count

    frames = frame_count(dataset)
    if frames > min(_MAXIMUM_FRAMES, max(1, path.stat().st_size // _FRAME_BYTES)):
        raise ScanError(
            f"The header of {path.name} tells of {frames} frames, more than the file can hold. "
            f"Copy or export it again."
        )
    return frames


def _places(dataset: Dataset, frames: int) -> Places:
    """Return each frame's position and orientation; at least one pair."""
    from btgui.engine.dicom_frames import frame_header

    top = (position_in(dataset), orientation_in(dataset))
    found = []
    for frame in range(max(1, frames)):
        own = frame_header(dataset, frame)
        found.append((position_in(own) or top[0], orientation_in(own) or top[1]))
    if len(found) > 1 and not dataset.get("PerFrameFunctionalGroupsSequence"):
        return tuple((None, turned) for _, turned in found)  # one position cannot be all frames'
    return tuple(found)


def _contrast(dataset: Dataset) -> bool | None:
    # An empty element says that none was given; a missing one says nothing.
    value = _value(dataset, "ContrastBolusAgent")
    return None if "ContrastBolusAgent" not in dataset else bool(str(value or "").strip())


def _float(dataset: Dataset, keyword: str) -> float | None:
    found = _numbers_or_none(_value(dataset, keyword))
    return found if found and np.isfinite(found) else None


def _numbers_or_none(value: Any) -> float | None:  # noqa: ANN401  (whatever the header holds)
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _value(dataset: Dataset, keyword: str) -> Any:  # noqa: ANN401  (whatever the header holds)
    try:
        return dataset.get(keyword)
    except Exception:  # noqa: BLE001  (an element is decoded when it is looked at)
        return None


def _text(dataset: Dataset, keyword: str) -> str:
    value = _value(dataset, keyword)
    return "" if value is None else str(value).strip()


def _whole(dataset: Dataset, keyword: str) -> int:
    try:
        return int(_value(dataset, keyword) or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(number) for number in _value(dataset, keyword))
    except (TypeError, ValueError):
        return None
    return numbers if len(numbers) == count and np.isfinite(numbers).all() else None

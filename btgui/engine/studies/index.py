"""A folder's DICOM files sorted into patients, studies and series, from headers only.

The keys are PatientID, StudyInstanceUID and SeriesInstanceUID (DICOM PS3.3 C.7.1.1,
C.7.2.1 and C.7.3.1). Files without a series UID are a series by folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from btgui.engine.errors import Cancelled, ScanError
from btgui.engine.studies.geometry import place, plane_of
from btgui.engine.studies.headers import Header, read_header

_NO_SCANS = {
    "SR": "a report",
    "SEG": "a segmentation",
    "PR": "a presentation state",
    "KO": "a selection of key images",
    "DOC": "a document",
    "REG": "a registration",
    "RTSTRUCT": "radiotherapy structures",
    "RTPLAN": "a radiotherapy plan",
    "RTDOSE": "a radiotherapy dose",
}


@dataclass(frozen=True)
class PassedOver:
    """A file that is no slice of a series, with the reason in words."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Series:
    """One series, its slices in order.

    Attributes
    ----------
    plane
        "axial", "coronal", "sagittal" or "oblique"; "" where unknown or mixed.
    distance_mm
        Usual distance between neighbouring slices, None where it is unknown.
    findings
        In words: gaps, doubled places, mixed orientations, missing positions.
    """

    patient: str
    study: str
    uid: str
    number: int
    description: str
    modality: str
    plane: str
    distance_mm: float | None
    slices: tuple[Header, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """All series, by patient, study and series number, and what was passed over."""

    series: tuple[Series, ...]
    passed_over: tuple[PassedOver, ...]


def index_folder(
    folder: Path,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Index:
    """Index the files of a folder and all its sub-folders; links to folders are not followed.

    Parameters
    ----------
    on_progress
        Called with (files read, files in all) after every file.
    is_cancelled
        Asked before every file.

    Raises
    ------
    Cancelled
        ``is_cancelled`` said so.
    """
    paths = sorted(Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    headers: dict[str, Header] = {}
    passed_over = []
    for done, path in enumerate(paths, 1):
        if is_cancelled():
            raise Cancelled("Looking through the folder was stopped.")
        try:
            header = read_header(path)
        except ScanError as error:
            passed_over.append(PassedOver(path, str(error)))
        else:
            key = header.instance or str(path)
            if reason := _reason(header, headers.get(key)):
                passed_over.append(PassedOver(path, reason))
            else:
                headers[key] = header
        on_progress(done, len(paths))
    return Index(_sorted_into_series(headers.values()), tuple(passed_over))


def _reason(header: Header, earlier: Header | None) -> str:
    name = header.path.name
    if header.modality in _NO_SCANS:
        return f"{name} is {_NO_SCANS[header.modality]}, not a scan."
    if not header.frames:
        return f"{name} is a DICOM file without a picture."
    if earlier is not None:
        return f"{name} is a copy of {earlier.path.name}."
    return ""


def _sorted_into_series(headers: Iterable[Header]) -> tuple[Series, ...]:
    groups: dict[tuple[str, str, str], list[Header]] = {}
    for header in headers:
        series = header.series or f"folder {header.path.parent}"
        groups.setdefault((header.patient, header.study, series), []).append(header)
    found = [_series(key, group) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda s: (s.patient, s.study, s.number, s.uid)))


def _series(key: tuple[str, str, str], headers: list[Header]) -> Series:
    headers = sorted(headers, key=lambda header: (header.number, header.path))
    placed = place([h.position for h in headers], [h.orientation for h in headers])
    planes = {plane_of(h.orientation) if h.orientation else "" for h in headers}
    first = headers[0]
    return Series(
        *key,
        number=first.series_number,
        description=first.description,
        modality=first.modality,
        plane=planes.pop() if len(planes) == 1 else "",
        distance_mm=placed.distance_mm,
        slices=tuple(headers[i] for i in placed.order),
        findings=placed.findings,
    )

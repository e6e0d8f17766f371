"""Sorting DICOM files into patients, studies and series, and series into their volumes.

The keys are PatientID, StudyInstanceUID and SeriesInstanceUID (DICOM PS3.3 C.7.1.1,
C.7.2.1 and C.7.3.1). Files without SeriesInstanceUID form one series per folder.
"""

from __future__ import annotations

from collections.abc import Sequence

from btgui.engine.dicom.headers import Header
from btgui.engine.dicom.traits import Traits
from btgui.engine.disk.folders import natural_key
from btgui.engine.geometry import location_of, place, plane_of
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.copies import Copies
from btgui.engine.studies.namesakes import told_apart
from btgui.engine.studies.sequences import sequence_of_header
from btgui.engine.studies.series import MIXED_PLANES, MOSAICS, Series, Slice
from btgui.engine.studies.trait_words import kind_words
from btgui.engine.studies.volumes_in_series import MOST_VOLUMES, Volume, volumes_of

_Picture = tuple[Header, Slice, Traits]


def sorted_into_series(copies: Copies) -> tuple[Series, ...]:
    """Return all series by patient, study and number; each volume of a series separately."""
    groups: dict[tuple[str, str, str], list[Header]] = {}
    for header in copies.originals:
        series = header.series or f"folder {header.path.parent}"
        groups.setdefault((header.patient, header.study, series), []).append(header)
    found = [one for key, group in groups.items() for one in _volumes(key, group, copies)]
    found.sort(key=lambda one: _rank(one[0]))
    return tuple(told_apart(found))


def _rank(series: Series) -> tuple[str, str, str, int, str]:
    return series.patient, series.study_date, series.study, series.number, series.uid


def _volumes(
    key: tuple[str, str, str], headers: list[Header], copies: Copies
) -> list[tuple[Series, Traits]]:
    """Return the volumes of a series, each with the traits of its first image."""
    headers = sorted(headers, key=lambda one: (one.number, natural_key(str(one.path))))
    pictures = [one for header in headers for one in _pictures(header)]
    volumes = volumes_of([one for _, one, _ in pictures], [traits for *_, traits in pictures])
    findings = []
    if len(volumes) > MOST_VOLUMES:
        findings.append(f"The series holds {len(volumes)} volumes, too many to list separately.")
        volumes = [Volume("", tuple(range(len(pictures))))]
    return [
        (
            _series(key, one.name, [pictures[index] for index in one.indexes], copies, findings),
            pictures[one.indexes[0]][2],
        )
        for one in volumes
    ]


def _series(
    key: tuple[str, str, str],
    volume: str,
    pictures: Sequence[_Picture],
    copies: Copies,
    findings: Sequence[str],
) -> Series:
    headers = [*{header.path: header for header, *_ in pictures}.values()]
    slices = [one for _, one, _ in pictures]
    placed = place(
        [s.position for s in slices], [s.orientation for s in slices], [s.number for s in slices]
    )
    first, _, traits = pictures[0]
    return Series(
        "\n".join([*key, volume]),
        *key,
        number=first.series_number,
        description=first.description,
        modality=first.modality,
        plane=_plane(slices),
        sequence=sequence_of_header(first, traits),
        contrast_agent=first.contrast_agent,
        distance_mm=placed.distance_mm,
        slices=tuple(slices[i] for i in placed.order),
        findings=(*findings, *placed.findings, *_mosaics(headers), *_sharing(copies, headers)),
        breaks=placed.breaks,
        study_date=first.study_date,
        study_description=first.study_description,
        body_part=first.body_part,
        volume=volume,
        kind=kind_words(traits.kind),
        frame_of_reference=_frame_of_reference(headers),
    )


def _frame_of_reference(headers: Sequence[Header]) -> str:
    """Return the FrameOfReferenceUID if all files share it, else "".

    Some de-identification programs give each file its own.
    """
    found = {header.frame_of_reference for header in headers}
    return found.pop() if len(found) == 1 else ""


def _mosaics(headers: list[Header]) -> list[str]:
    return [MOSAICS] if any(header.is_mosaic for header in headers) else []


def _sharing(copies: Copies, headers: list[Header]) -> list[str]:
    count = sum(copies.shares_its_number(header) for header in headers)
    differing = "Files that have the SOPInstanceUID of another file but differ from it"
    return [f"{differing}: {count}. All are kept."] if count else []


def _plane(slices: Sequence[Slice]) -> str:
    """Return the plane of the slices that state an orientation; screenshots among them do not."""
    planes = {plane_of(one.orientation) for one in slices} - {""}
    if len(planes) > 1:
        return MIXED_PLANES
    return planes.pop() if planes else ""


def _pictures(header: Header) -> list[_Picture]:
    return [
        (
            header,
            Slice(
                ScanAddress(header.path, frame),
                frame + 1 if header.frames > 1 else header.number,
                position,
                orientation,
                location_of(position, orientation),
                header.modified_ns,
            ),
            traits,
        )
        for frame, ((position, orientation), traits) in enumerate(
            zip(header.places, header.traits, strict=True)
        )
    ]

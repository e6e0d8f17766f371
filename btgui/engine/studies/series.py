"""The results of indexing folders: series of slices, plain pictures, and skipped files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from btgui.engine.geometry import Orientation, Vector
from btgui.engine.scan import ScanAddress

MIXED_PLANES = "mixed planes"
MOSAICS = "Each image is a mosaic of many small slices; the model reads it as one slice of a head."


@dataclass(frozen=True)
class PassedOver:
    """A file that was skipped, with the reason in words.

    ``is_folder`` is True for a folder that cannot be listed and may contain scans.
    """

    path: Path
    reason: str
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One image of a series.

    Attributes
    ----------
    number
        InstanceNumber, 0 where the header has none; in a multi-frame file, the frame's number
        from 1.
    location_mm
        Position along the slice's normal, increasing to the patient's left, back or head; None
        where it is unknown.
    modified_ns
        When the file was last modified, because a file with the same header may hold another
        image later.
    """

    address: ScanAddress
    number: int
    position: Vector | None
    orientation: Orientation | None
    location_mm: float | None
    modified_ns: int = 0


@dataclass(frozen=True)
class Series:
    """One series, or one volume of a series that holds several, with its slices in order.

    ``volume`` and ``is_namesake``, which depend on the other series of the study, do not count in
    comparisons.

    Attributes
    ----------
    key
        Identifies the series within the index.
    patient
        Identifies the patient; "" where the file does not state one.
    sequence
        "T1", "T2", "FLAIR", "DWI" and so on; "" where the header does not state it.
    contrast_agent
        Whether the header names a contrast agent; None where it lacks the element.
    plane
        "axial", "coronal", "sagittal", "oblique" or "mixed planes"; "" where unknown.
    distance_mm
        Usual distance between neighbouring slices; None where it is unknown.
    findings
        Irregularities in words: gaps, duplicate positions, mixed orientations, missing positions.
    breaks
        Indexes of slices that are not neighbours of the slice before.
    study_date, study_description
        StudyDate and StudyDescription as in the header; "" where it has none.
    body_part
        BodyPartExamined; "" where the header has none.
    volume
        Name of the volume, such as "echo 2 (TE 98 ms)"; "" where it is the only one.
    kind
        Image type where the header states one: "magnitude", "phase", "fat", "ADC".
    frame_of_reference
        FrameOfReferenceUID, within which positions can be compared; "" where unknown.
    named_by_file
        Whether the description is the file's name, because the format has no description.
    is_namesake
        Whether a series of another number in the same study has the same description.
    """

    key: str
    patient: str
    study: str
    uid: str
    number: int
    description: str
    modality: str
    plane: str
    sequence: str
    contrast_agent: bool | None
    distance_mm: float | None
    slices: tuple[Slice, ...]
    findings: tuple[str, ...]
    breaks: tuple[int, ...] = ()
    study_date: str = ""
    study_description: str = ""
    body_part: str = ""
    volume: str = field(default="", compare=False)
    kind: str = ""
    frame_of_reference: str = ""
    named_by_file: bool = False
    is_namesake: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Index:
    """All series by patient, study and number, plain pictures, and skipped files."""

    series: tuple[Series, ...]
    passed_over: tuple[PassedOver, ...]
    pictures: tuple[Path, ...] = ()

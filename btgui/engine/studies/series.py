"""What is found in folders: series of slices, ordinary pictures, and what is neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from btgui.engine.geometry import Orientation, Vector
from btgui.engine.scan import ScanAddress

MIXED_PLANES = "mixed planes"
MOSAICS = (
    "Each picture is a mosaic of many small slices: the model reads it as if it were one head."
)


@dataclass(frozen=True)
class PassedOver:
    """A file that is no slice of a series, with the reason in words.

    ``is_folder`` where it is a folder that cannot be listed: scans may be in it.
    """

    path: Path
    reason: str
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """One picture of a series.

    Attributes
    ----------
    number
        InstanceNumber, 0 where the header has none; of a file with several frames, the
        frame's number from 1.
    location_mm
        Place along the slice's normal, growing to the patient's left, back or head; None
        where it is unknown.
    modified_ns
        When the file was last written: with the same header it may hold another picture.
    """

    address: ScanAddress
    number: int
    position: Vector | None
    orientation: Orientation | None
    location_mm: float | None
    modified_ns: int = 0


@dataclass(frozen=True)
class Series:
    """One series, or one volume of a series that holds several; its slices in order.

    It is the same beside other series, by which it may be called otherwise.

    Attributes
    ----------
    key
        Tells this series from every other of the index.
    patient
        Tells the patient from every other, "" where the file states none.
    sequence
        "T1", "T2", "FLAIR", "DWI" or "" where the header does not say.
    contrast_agent
        Whether the header names one; None where it says nothing of it.
    plane
        "axial", "coronal", "sagittal" or "oblique"; "mixed planes", "" where unknown.
    distance_mm
        Usual distance between neighbouring slices, None where it is unknown.
    findings
        In words: gaps, doubled places, mixed orientations, missing positions.
    breaks
        Indexes of slices that are no neighbours of the one before.
    study_date, study_description
        Of the study as the header has them, "" where it states none.
    body_part
        BodyPartExamined, "" where the file states none.
    volume
        Which of several volumes it is, as "echo 2 (TE 98 ms)"; "" where it is the only one.
    kind
        What its pictures show where the header names it: "magnitude", "phase", "fat", "ADC".
    frame_of_reference
        Positions can be compared with those of series of the same one; "" where unknown.
    named_by_file
        Whether the description is the file's name: its header has none.
    is_namesake
        Whether a series of another number has its description, in the same study.
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
    """All series, by patient, study and number, ordinary pictures, and what was passed over."""

    series: tuple[Series, ...]
    passed_over: tuple[PassedOver, ...]
    pictures: tuple[Path, ...] = ()

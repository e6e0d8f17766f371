"""Scans of one patient, by tables and DICOM headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan, classes_of
from btgui.engine.dicom.source import read_patient_id

_SEVERAL = 2


def same_patient(
    scans: list[LabelledScan], say: Callable[[str], None] = lambda _sentence: None
) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of scans of one patient, enough to link all scans of each patient.

    Patients and ``say`` are as in :func:`patient_names`.
    """
    yield from linked(patient_names(scans, say))


def patient_names(
    scans: list[LabelledScan], say: Callable[[str], None]
) -> list[tuple[str, str] | None]:
    """Return an identifier of each scan's patient; None if the patient is not known.

    A patient is identified by a table or else, for a DICOM file, by the PatientID, each within one
    collection, since two hospitals may use the same numbers. The identifiers must not be stored. If all
    DICOM files of a collection have the same PatientID, across classes, and are most of its scans,
    the number does not distinguish patients (de-identification writes such numbers): it is ignored,
    and ``say`` is called with a sentence on this. ``say`` also reports how many names from tables or
    file names occur in several collections, as these might be the same patients.
    """
    with ThreadPoolExecutor() as pool:
        names = list(pool.map(_patient, scans))
    for collection, indices in _of_one_number(scans, names).items():
        for index in indices:
            names[index] = ""
        say(
            f"All {len(indices):,} DICOM files of {collection} have one patient number, across classes, "
            f"as is usual after de-identification. It does not distinguish patients and is ignored: "
            f"scans of one patient count as scans of several. A table with the column patient can "
            f"name the patients."
        )
    if count := _in_several_collections(scans):
        say(
            f"{counted(count, 'patient name')} {one_or(count, 'is', 'are')} in more than one source and "
            f"{one_or(count, 'counts', 'count')} as another patient in each, since two hospitals may use the "
            f"same numbers. If it is one patient, list the scans in a table that gives them one source, or "
            f"sources that are the same before a slash."
        )
    return [
        (scan.collection, name) if name else None for scan, name in zip(scans, names, strict=True)
    ]


def linked(names: Sequence[Hashable | None]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices that link all elements of each name; None is no name."""
    of_name: dict[Hashable, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None:
            of_name.setdefault(name, []).append(index)
    for indices in of_name.values():
        yield from pairwise(indices)


def _of_one_number(scans: list[LabelledScan], names: list[str]) -> dict[str, list[int]]:
    """Return the indices of files that share one number across classes and are most of their collection."""
    sizes = Counter(scan.collection for scan in scans)
    numbered: dict[str, list[int]] = {}
    for index, (scan, name) in enumerate(zip(scans, names, strict=True)):
        if name and not scan.patient:
            numbered.setdefault(scan.collection, []).append(index)
    return {
        collection: indices
        for collection, indices in numbered.items()
        if len({names[index] for index in indices}) == 1
        and len(indices) > sizes[collection] / 2
        and len(classes_of([scans[index] for index in indices])) >= _SEVERAL
    }


def _in_several_collections(scans: list[LabelledScan]) -> int:
    """Return how many patient names from tables or file names occur in several collections."""
    named = {(scan.patient, scan.collection) for scan in scans if scan.patient}
    times = Counter(patient for patient, _collection in named)
    return sum(count >= _SEVERAL for count in times.values())


def _patient(scan: LabelledScan) -> str:
    return scan.patient or read_patient_id(scan.path)

"""Which scans are of one patient."""

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
    """Yield pairs of indices of scans that are of one patient, enough to link all of them.

    Patients and ``say`` are those of :func:`patient_names`.
    """
    yield from linked(patient_names(scans, say))


def patient_names(
    scans: list[LabelledScan], say: Callable[[str], None]
) -> list[tuple[str, str] | None]:
    """Return what tells the patient of each scan from others; None where that is not known.

    A patient is known by what a table says or else, of a DICOM file, by its PatientID;
    within one collection, since two hospitals may count their patients alike. Nothing of it
    is to be kept. Where all DICOM files of a collection have one PatientID, across classes, and are
    most of its scans, it tells nobody apart (de-identification writes such numbers): it is
    disregarded, and ``say`` is told so. It is told, too, how many patients tables or
    file names name alike in several collections: these might be the same ones.
    """
    with ThreadPoolExecutor() as pool:
        names = list(pool.map(_patient, scans))
    for collection, indices in _of_one_number(scans, names).items():
        for index in indices:
            names[index] = ""
        say(
            f"All {len(indices):,} DICOM files of {collection} have one patient number, across classes, "
            f"as files have after de-identification. It tells no patients apart and is disregarded: "
            f"scans of one patient count as of several. A table with the column patient tells whose "
            f"they are."
        )
    if count := _in_several_collections(scans):
        say(
            f"{counted(count, 'patient name')} {one_or(count, 'is', 'are')} in more than one source and "
            f"{one_or(count, 'counts', 'count')} as another patient in each, since two hospitals may number "
            f"alike. Where it is one patient, list the scans in a table that gives them one source, or "
            f"sources that are the same before a slash."
        )
    return [
        (scan.collection, name) if name else None for scan, name in zip(scans, names, strict=True)
    ]


def linked(names: Sequence[Hashable | None]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of what has one name, enough to link all of it; None is no name."""
    of_name: dict[Hashable, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None:
            of_name.setdefault(name, []).append(index)
    for indices in of_name.values():
        yield from pairwise(indices)


def _of_one_number(scans: list[LabelledScan], names: list[str]) -> dict[str, list[int]]:
    """Return the files of each collection that have one number, across classes, and are most of it."""
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
    """Return how many names of patients are in several collections, as far as no DICOM file gives them."""
    named = {(scan.patient, scan.collection) for scan in scans if scan.patient}
    times = Counter(patient for patient, _collection in named)
    return sum(count >= _SEVERAL for count in times.values())


def _patient(scan: LabelledScan) -> str:
    return scan.patient or read_patient_id(scan.path)

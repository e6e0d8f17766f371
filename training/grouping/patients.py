"""Scans of one patient, by tables and DICOM headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan, classes_of
from btgui.engine.dicom.source import read_patient_and_study
from training.grouping.copies import group_linked

_SEVERAL = 2


def same_patient(
    scans: list[LabelledScan], say: Callable[[str], None] = lambda _sentence: None
) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of scans of one patient, enough to link all scans of each patient.

    Patients and ``say`` are as in :func:`patient_numbers`.
    """
    numbers, _known = patient_numbers(scans, say)
    yield from linked(numbers.tolist())


def patient_numbers(
    scans: list[LabelledScan], say: Callable[[str], None]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the number of each scan's patient, and whether the patient is known.

    Scans are of one patient if they have the same name or are of the same study. The name is that in a
    table or else, for a DICOM file, the PatientID. It identifies patients within one collection, since
    two hospitals may use the same numbers; a study (StudyInstanceUID) is the same in all collections.
    A table takes precedence: if it names several patients of one study, their scans are not linked by
    it.

    If all DICOM files of a collection have the same PatientID, across classes, and are most of its
    scans, the number does not distinguish patients (de-identification writes such numbers) and is
    ignored; so is a study of this kind. Where this leaves scans without a name, ``say`` is called with
    a sentence on it. ``say`` also reports how many names occur in several collections and are not
    linked by a study, as these might be the same patients.

    Returns
    -------
    (n,) the numbers, a scan whose patient is not known having its own; and (n,) whether it is known.
    """
    names, studies = _names_and_studies(scans, say)
    placed = [
        (scan.collection, name) if name else None for scan, name in zip(scans, names, strict=True)
    ]
    links = chain(linked(placed), linked([study or None for study in studies]))
    numbers = group_linked(links, len(scans))
    if count := _in_several_collections(names, numbers):
        say(
            f"{counted(count, 'patient name')} {one_or(count, 'is', 'are')} in more than one source and "
            f"{one_or(count, 'counts', 'count')} as another patient in each, since two hospitals may use the "
            f"same numbers. If it is one patient, list the scans in a table that gives them one source, or "
            f"sources that are the same before a slash."
        )
    known = [bool(name or study) for name, study in zip(names, studies, strict=True)]
    return numbers, np.array(known, bool)


def linked(names: Sequence[Hashable | None]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices that link all elements of each name; None is no name."""
    of_name: dict[Hashable, list[int]] = {}
    for index, name in enumerate(names):
        if name is not None:
            of_name.setdefault(name, []).append(index)
    for indices in of_name.values():
        yield from pairwise(indices)


def _names_and_studies(
    scans: list[LabelledScan], say: Callable[[str], None]
) -> tuple[list[str], list[str]]:
    """Return the name of each scan's patient and its study; "" where unknown or ignored."""
    with ThreadPoolExecutor() as pool:
        read = list(pool.map(lambda scan: read_patient_and_study(scan.path), scans))
    # A table's name goes before the PatientID.
    ids = ["" if scan.patient else number for scan, (number, _) in zip(scans, read, strict=True)]
    studies = [study for _, study in read]
    one_id, one_study = _of_one(scans, ids), _of_one(scans, studies)
    _forget(ids, one_id)
    _forget(studies, one_study)
    _forget(studies, _against_tables(scans, studies))
    names = [scan.patient or number for scan, number in zip(scans, ids, strict=True)]
    for collection, indices in (one_study | one_id).items():
        if not all(names[index] for index in indices):
            number = "patient number" if collection in one_id else "study number"
            has_studies = any(studies[index] for index in indices)
            say(_ignored(collection, len(indices), number, has_studies=has_studies))
    return names, studies


def _of_one(scans: list[LabelledScan], values: list[str]) -> dict[str, list[int]]:
    """Return the indices of files that share one value across classes and are most of their collection."""
    sizes = Counter(scan.collection for scan in scans)
    having: dict[str, list[int]] = {}
    for index, (scan, value) in enumerate(zip(scans, values, strict=True)):
        if value:
            having.setdefault(scan.collection, []).append(index)
    return {
        collection: indices
        for collection, indices in having.items()
        if len({values[index] for index in indices}) == 1
        and len(indices) > sizes[collection] / 2
        and len(classes_of([scans[index] for index in indices])) >= _SEVERAL
    }


def _against_tables(scans: list[LabelledScan], studies: list[str]) -> dict[str, list[int]]:
    """Return the indices of scans, by study, that a table gives to several patients of one collection."""
    named: dict[str, list[int]] = {}
    for index, (scan, study) in enumerate(zip(scans, studies, strict=True)):
        if study and scan.patient:
            named.setdefault(study, []).append(index)
    doubtful = {}
    for study, indices in named.items():
        patients = {(scans[index].collection, scans[index].patient) for index in indices}
        if len(patients) > len({collection for collection, _patient in patients}):
            doubtful[study] = indices
    return doubtful


def _forget(values: list[str], ignored: dict[str, list[int]]) -> None:
    for index in chain.from_iterable(ignored.values()):
        values[index] = ""


def _ignored(collection: str, count: int, number: str, *, has_studies: bool) -> str:
    """Return sentences on a number that all DICOM files of a collection share."""
    instead = (
        "scans of one study count as scans of one patient, and each study as another patient"
        if has_studies
        else "scans of one patient count as scans of several"
    )
    return (
        f"All {count:,} DICOM files of {collection} have one {number}, across classes, as is usual after "
        f"de-identification. It does not distinguish patients and is ignored: {instead}. A table with "
        f"the column patient can name the patients."
    )


def _in_several_collections(names: list[str], numbers: NDArray[np.int64]) -> int:
    """Return how many names stand for several patients, which are of several collections."""
    named = {(name, number) for name, number in zip(names, numbers.tolist(), strict=True) if name}
    times = Counter(name for name, _number in named)
    return sum(count >= _SEVERAL for count in times.values())

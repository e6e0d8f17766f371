"""Which scans are of one patient."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from btgui.engine.dataset import LabelledScan
from btgui.engine.dicom_source import read_patient_id


def same_patient(scans: list[LabelledScan]) -> Iterator[tuple[int, int]]:
    """Yield pairs of indices of scans that are of one patient, enough to link all of them.

    A patient is known by what a table says or else, of a DICOM file, by its PatientID;
    within one source, since two hospitals may count their patients alike. Nothing of it
    is kept.
    """
    with ThreadPoolExecutor() as pool:
        names = list(pool.map(_patient, scans))
    of_patient: dict[tuple[str, str], list[int]] = {}
    for index, (scan, name) in enumerate(zip(scans, names, strict=True)):
        if name:
            of_patient.setdefault((scan.source, name), []).append(index)
    for indices in of_patient.values():
        yield from pairwise(indices)


def _patient(scan: LabelledScan) -> str:
    return scan.patient or read_patient_id(scan.path)

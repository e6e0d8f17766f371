"""What can be compared, by name: the series that were found, then single files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.scan import ScanAddress
from btgui.engine.studies.stack import Stack, stack_of_file
from btgui.engine.studies.words import series_facts, series_title

if TYPE_CHECKING:
    from btgui.engine.studies.series import Index, Series


def listed_stacks(found: Sequence[Series], files: Sequence[Path]) -> list[Stack]:
    """Return series and files to choose from; of several studies, each series says which.

    Patients and studies are numbered as in the list of series, and never named.
    """
    places = _places(found)
    several = len(set(places)) > 1
    stacks = [
        stack_of_series(series, place if several else "")
        for series, place in zip(found, places, strict=True)
    ]
    return [*stacks, *(stack_of_file(ScanAddress(file)) for file in files)]


def stack_of_series(series: Series, place: str = "") -> Stack:
    """Return a series under one line of plain text."""
    title = series_title(series)
    return Stack(
        title=f"{place}{title} ({series_facts(series)})",
        patient=series.patient,
        study=series.study,
        slices=series.slices,
    )


def stacks_of_index(index: Index) -> list[Stack]:
    """Return what was found where something was dropped; series first."""
    several = [series for series in index.series if len(series.slices) > 1]
    single = [one.slices[0].address.path for one in index.series if len(one.slices) == 1]
    return listed_stacks(several, [*index.pictures, *single])


def _places(found: Sequence[Series]) -> list[str]:
    """Return which patient's which study each series is of: "Patient 2, study 1: "."""
    patients = sorted({series.patient for series in found} - {""})
    studies: dict[str, list[str]] = {}
    places = []
    for series in found:
        of_patient = studies.setdefault(series.patient, [])
        if series.study not in of_patient:
            of_patient.append(series.study)
        study = of_patient.index(series.study) + 1
        patient = f"Patient {patients.index(series.patient) + 1}, " if series.patient else ""
        places.append(f"{patient}study {study}: " if patient else f"Study {study}: ")
    return places

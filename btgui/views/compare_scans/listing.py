"""The entries that can be compared: the series that were found, then single files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.scan import ScanAddress
from btgui.engine.studies.stack import Stack, stack_of_file
from btgui.engine.studies.words import numbered, series_facts, series_title

if TYPE_CHECKING:
    from btgui.engine.studies.series import Index, Series


def listed_stacks(found: Sequence[Series], files: Sequence[Path]) -> list[Stack]:
    """Return the series and files to choose from; with several studies, titles state the study.

    Patients and studies are numbered as in the list of series, and never identified.
    """
    places = numbered(found)
    several = len(set(places)) > 1
    stacks = [
        stack_of_series(series, _place(*place) if several else "")
        for series, place in zip(found, places, strict=True)
    ]
    return [*stacks, *(stack_of_file(ScanAddress(file)) for file in files)]


def stack_of_series(series: Series, place: str = "") -> Stack:
    """Return a series as a stack, titled with one line of plain text."""
    title, bare = (
        f"{place}{series_title(series, patient_visible=visible)} ({series_facts(series)})"
        for visible in (True, False)
    )
    return Stack(
        title=title,
        patient=series.patient,
        study=series.study,
        slices=series.slices,
        frame_of_reference=series.frame_of_reference,
        bare_title=bare,
    )


def stacks_of_index(index: Index) -> list[Stack]:
    """Return the stacks found in a dropped file or folder, series first."""
    several = [series for series in index.series if len(series.slices) > 1]
    single = [one.slices[0].address.path for one in index.series if len(one.slices) == 1]
    return listed_stacks(several, [*index.pictures, *single])


def _place(patient: int, study: int) -> str:
    return f"Patient {patient}, study {study}: " if patient else f"Study {study}: "

"""Patients and studies by number: names stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

from btgui.engine.studies.series import Series


def numbered(found: Sequence[Series]) -> list[tuple[int, int, Series]]:
    """Return each series with its patient's number and its study's.

    Patients count from 1 in the order of their keys, 0 for those whose files state none;
    studies from 1 within a patient, in the order in which they come.
    """
    patients = sorted({series.patient for series in found} - {""})
    studies: dict[str, list[str]] = {}
    rows = []
    for series in found:
        known = studies.setdefault(series.patient, [])
        if series.study not in known:
            known.append(series.study)
        patient = patients.index(series.patient) + 1 if series.patient else 0
        rows.append((patient, known.index(series.study) + 1, series))
    return rows

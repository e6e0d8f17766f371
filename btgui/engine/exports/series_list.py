"""A model's verdicts on many series, one row per series, for tables and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from btgui.engine.exports.csv_file import writing_table
from btgui.engine.models.card import ModelCard
from btgui.engine.studies.series import Series
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.engine.studies.words import (
    series_title,
    verdict_warnings,
    why_no_verdict,
)


@dataclass(frozen=True)
class SeriesRow:
    """A completely read series with its patient number, study number and verdict.

    ``place`` is the series' path as the user knows it; None to omit it.
    """

    patient: int
    study: int
    series: Series
    readings: tuple[SliceReading, ...]
    verdict: SeriesVerdict | None
    place: Path | None = None


def series_facts(row: SeriesRow, card: ModelCard) -> dict[str, Any]:
    """Return a row's facts by name, without the patient's name and, except in ``path``, file names.

    The verdict is a class, "incomplete" for a "no tumour" that is not based on all slices, or None
    with the ``reason`` in words. Slices are numbered from 1. The score, 0 to 1, is that of the
    verdict, or for "no tumour" that of the most likely tumour; ``any_tumour`` is that of all tumour
    classes together. Novel slices are unlike the training scans.
    """
    series, verdict, readings = row.series, row.verdict, row.readings
    named = None
    if verdict is not None:
        named = card.classes[verdict.class_index] if verdict.is_complete else "incomplete"
    place = {} if row.place is None else {"path": str(row.place)}
    return {
        "patient": row.patient or None,
        "study": row.study,
        "series": series.number or None,
        "description": series_title(replace(series, is_namesake=False)),
        "plane": series.plane,
        "sequence": series.sequence,
        "slices": len(series.slices),
        "verdict": named,
        "score": None if verdict is None else round(verdict.score, 4),
        "any_tumour": None if verdict is None else round(verdict.any_tumour, 4),
        "deciding_slices": [] if verdict is None else [index + 1 for index in verdict.deciding],
        "slices_not_read": sum(not reading.probabilities for reading in readings),
        "slices_without_head": sum(
            bool(reading.probabilities) and not reading.has_head for reading in readings
        ),
        "novel_slices": sum(reading.is_novel for reading in readings),
        "doubts": verdict_warnings(series, card, verdict).splitlines(),
        "reason": "" if verdict else why_no_verdict(series, readings),
        "model": card.id,
        **place,
    }


def write_series_list(file: Path, rows: Sequence[SeriesRow], card: ModelCard) -> None:
    """Write a table of the :func:`series_facts` of at least one row.

    Replaces ``file`` without asking: the caller has asked.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    facts = [series_facts(row, card) for row in rows]
    with writing_table(file) as writer:
        writer.writerow(name.replace("_", " ") for name in facts[0])
        for one in facts:
            writer.writerow([_cell(value) for value in one.values()])


def _cell(value: Any) -> str:  # noqa: ANN401  (a fact of any type)
    if isinstance(value, list):
        return " ".join(str(part) for part in value)
    return "" if value is None else str(value)

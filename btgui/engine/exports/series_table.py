"""Writing a series' readings as a CSV table: one row per slice, each with the series verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.exports.csv_file import writing_table
from btgui.engine.models.card import ModelCard
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

_GREYS = ("greys", "window centre", "window width")


def write_series_csv(
    file: Path,
    series: Series,
    readings: Sequence[SliceReading],
    verdict: SeriesVerdict | None,
    card: ModelCard,
) -> None:
    """Write slice number, position, probabilities and verdicts, without patient and file names.

    The series verdict is a class, "incomplete" for a "no tumour" that is not based on all slices,
    or empty where there is none. The last columns state the window of the network's input in
    units of the slice's values. Positions are in millimetres along the slices' normal, empty where
    unknown; "head found" is empty where the slice could not be read; probabilities are 0 to 1;
    novelty is above 1 for slices unlike the training scans, empty where unknown.
    Replaces ``file`` without asking: the caller has asked.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    of_series = ""
    if verdict:
        of_series = card.classes[verdict.class_index] if verdict.is_complete else "incomplete"
    deciding = verdict.deciding if verdict else ()
    with writing_table(file) as writer:
        names = [f"probability {name}" for name in card.classes]
        first = ("slice", "position (mm)", "verdict")
        last = ("head found", "novelty", "decided", "series verdict", "model", "error", *_GREYS)
        writer.writerow([*first, *names, *last])
        for reading in readings:
            place = series.slices[reading.index].location_mm
            shares = reading.probabilities
            best = card.classes[shares.index(max(shares))] if shares else ""
            numbers = [f"{share:.4f}" for share in shares] or [""] * len(card.classes)
            head = ("yes" if reading.has_head else "no") if shares else ""
            decided = "yes" if reading.index in deciding else ""
            where = "" if place is None else f"{place:.2f}"
            why = _nameless(series, reading)
            novelty = "" if reading.novelty is None else f"{reading.novelty:.2f}"
            about = (head, novelty, decided, of_series, card.id, why, *_greys(reading))
            writer.writerow([reading.index + 1, where, best, *numbers, *about])


def _nameless(series: Series, reading: SliceReading) -> str:
    """Return why a slice was not read, without the file's name, which may contain the patient's."""
    path = series.slices[reading.index].address.path
    for name in (str(path), path.name):
        if name in reading.problem:
            words = reading.problem.replace(name, "the file", 1)
            return words[0].upper() + words[1:]
    return reading.problem


def _greys(reading: SliceReading) -> tuple[str, str, str]:
    greys = reading.greys
    if greys is None:
        return "", "", ""
    if greys.window is None:
        return greys.source, "", ""
    centre, width = greys.window.numbers()
    return greys.source, f"{centre:g}", f"{width:g}"

"""A series' readings as a CSV table: one line a slice, the series' verdict in every line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.errors import ExportError
from btgui.engine.files import replacing
from btgui.engine.model_card import ModelCard
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
    """Write slice number, position, probabilities and verdicts; no patient identity.

    The series' verdict is a class, "incomplete" for a "no tumour" that does not rest on all
    slices, and empty where there is none. The last columns tell the window that fed the
    network, in the units of the slice's values.
    Positions are in millimetres along the slices' normal, empty where unknown;
    probabilities are 0 to 1. Replaces ``file``; the caller has asked.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    of_series = ""
    if verdict:
        of_series = card.classes[verdict.class_index] if verdict.is_complete else "incomplete"
    deciding = verdict.deciding if verdict else ()
    try:
        with (
            replacing(file) as temporary,
            temporary.open("w", newline="", encoding="utf-8-sig") as stream,
        ):
            writer = csv.writer(stream)
            names = [f"probability {name}" for name in card.classes]
            first = ("slice", "position (mm)", "verdict")
            last = ("head found", "decided", "series verdict", "model", "error", *_GREYS)
            writer.writerow([*first, *names, *last])
            for reading in readings:
                place = series.slices[reading.index].location_mm
                shares = reading.probabilities
                best = card.classes[shares.index(max(shares))] if shares else ""
                numbers = [f"{share:.4f}" for share in shares] or [""] * len(card.classes)
                head = "yes" if reading.has_head else "no"
                decided = "yes" if reading.index in deciding else ""
                where = "" if place is None else f"{place:.2f}"
                about = (head, decided, of_series, card.id, reading.problem, *_greys(reading))
                writer.writerow([reading.index + 1, where, best, *numbers, *about])
    except OSError as error:
        raise ExportError(
            f"{file.name} cannot be written ({error.strerror}). Choose another folder."
        ) from error


def _greys(reading: SliceReading) -> tuple[str, str, str]:
    greys = reading.greys
    if greys is None:
        return "", "", ""
    if greys.window is None:
        return greys.source, "", ""
    return greys.source, f"{greys.window.centre:g}", f"{greys.window.width:g}"

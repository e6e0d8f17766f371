"""Series, slices and their verdict in words; never the patient's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btgui.engine.model_card import ModelCard
from btgui.engine.studies.series_verdict import HEALTHY, SeriesVerdict
from btgui.views.text import one_line, percent

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

NOT_VALIDATED = (
    "Not validated on whole series: the models were trained on single slices. "
    "See Help, How to read the result."
)


def series_title(series: Series) -> str:
    """Return what a series is called: its description, or its number."""
    return one_line(series.description) or (
        f"Series {series.number}" if series.number else "Series"
    )


def series_facts(series: Series) -> str:
    """Return plane, sequence and number of slices, as far as they are known."""
    facts = [series.plane, series.sequence, f"{len(series.slices)} slices"]
    return ", ".join(fact for fact in facts if fact)


def slice_place(series: Series, index: int) -> str:
    """Return "Slice 12 of 24, 34.5 mm"; no millimetres where the place is unknown."""
    place = series.slices[index].location_mm
    where = "" if place is None else f", {place:.1f} mm"
    return f"Slice {index + 1} of {len(series.slices)}{where}"


def slice_range(indexes: Sequence[int]) -> str:
    """Return indexes from 0 as slice numbers from 1: "slices 11 to 13", "slices 4, 5 and 7"."""
    numbers = [index + 1 for index in indexes]
    if len(numbers) == 1:
        return f"slice {numbers[0]}"
    if numbers[-1] - numbers[0] == len(numbers) - 1 and len(numbers) > 2:  # noqa: PLR2004
        return f"slices {numbers[0]} to {numbers[-1]}"
    return f"slices {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def verdict_sentence(verdict: SeriesVerdict, card: ModelCard) -> str:
    """Return in words what decided a series' verdict."""
    name = card.display_names[verdict.likeliest_tumour].lower()
    if card.classes[verdict.class_index] == HEALTHY:
        words = (
            f"No three neighbouring slices speak for a tumour; the likeliest, {name}, "
            f"reaches {percent(verdict.score)} on average."
        )
    else:
        words = f"Decided by {slice_range(verdict.deciding)}: {percent(verdict.score)} on average."
    if verdict.left_out:
        noun = "slice does" if verdict.left_out == 1 else "slices do"
        words += f" {verdict.left_out} {noun} not count: unread, or without a head."
    return words


def unfamiliar(series: Series, card: ModelCard) -> str:
    """Return a warning where the header names a plane or sequence that was not trained on.

    "" where the card does not say what was trained on, or the header what this series is.
    """
    strange = []
    for fact, trained in (
        (series.plane, card.training.get("planes")),
        (series.sequence, card.training.get("sequences")),
    ):
        if fact and isinstance(trained, list) and trained and fact not in trained:
            strange.append(fact)
    if not strange:
        return ""
    return f"This model was not trained on {' '.join(strange)} scans. Do not rely on its verdict."

"""A whole series through a model: the readings of its slices, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError
from btgui.engine.models.card import ModelCard
from btgui.engine.results import Reading
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading, series_verdict

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series


def read_series(analyser: Analyser, series: Series) -> tuple[SliceReading, ...]:
    """Read all slices, under one window where their headers give none."""
    readings: list[SliceReading] = []
    addresses = [one.address for one in series.slices]
    for batch in analyser.readings(addresses, as_series=True):
        readings += slice_readings(len(readings), batch)
    return tuple(readings)


def slice_readings(
    first: int, batch: Sequence[tuple[ScanAddress, Reading | BtguiError]]
) -> list[SliceReading]:
    """Return the readings of slices in order, the first of which has this index."""
    return [
        SliceReading(
            index,
            outcome.prediction.probabilities,
            has_head=outcome.has_head,
            greys=outcome.greys,
        )
        if isinstance(outcome, Reading)
        else SliceReading(index, problem=str(outcome))
        for index, (_, outcome) in enumerate(batch, first)
    ]


def verdict_on(
    series: Series, readings: Sequence[SliceReading], card: ModelCard
) -> SeriesVerdict | None:
    """Return what the readings of all slices say by the rule of :func:`series_verdict`."""
    return series_verdict(readings, len(card.classes), card.healthy_index, series.breaks)

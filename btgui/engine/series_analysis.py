"""Whole series read by a model: the readings of all slices, and the verdict on the series."""

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
    """Read all slices of a series; those whose headers give no VOI window share one."""
    readings: list[SliceReading] = []
    addresses = [one.address for one in series.slices]
    for batch in analyser.readings(addresses, as_series=True):
        readings += slice_readings(len(readings), batch)
    return tuple(readings)


def slice_readings(
    first: int, batch: Sequence[tuple[ScanAddress, Reading | BtguiError]]
) -> list[SliceReading]:
    """Return the readings of consecutive slices; the first of them has the index ``first``."""
    return [
        SliceReading(
            index,
            outcome.prediction.probabilities,
            has_head=outcome.has_head,
            greys=outcome.greys,
            novelty=outcome.prediction.novelty,
        )
        if isinstance(outcome, Reading)
        else SliceReading(index, problem=str(outcome))
        for index, (_, outcome) in enumerate(batch, first)
    ]


def verdict_on(
    series: Series, readings: Sequence[SliceReading], card: ModelCard
) -> SeriesVerdict | None:
    """Return the verdict on a series from the readings of all slices; see :func:`series_verdict`."""
    return series_verdict(readings, len(card.classes), card.healthy_index, series.breaks)

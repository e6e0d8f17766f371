"""The report's tables on how well heatmaps localise the tumour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from btgui.engine.results import CAM_METHODS
from training.evaluating.evaluation import Estimate
from training.evaluating.examination import Examination
from training.reports import page

_MEASURES = (
    "Hottest point within 15 px",
    "Hottest point in the tumour",
    "Heat in the tumour",
    "Tumour's share",
)


def pointing_tables(examination: Examination) -> list[str]:
    """Return a table of all stages, last stage first, and one of the last stage by class."""
    card = examination.pack.card
    shown = dict(zip(card.classes, card.display_names, strict=True))
    stages = [stage.label for stage in card.stages][::-1]
    by_stage = [
        row
        for stage in stages
        for row in examination.pointing
        if row["stage"] == stage and row["class"] not in card.classes
    ]
    by_class = [
        row
        for row in examination.pointing
        if row["stage"] == stages[0] and row["class"] in card.classes
    ]
    last = (
        f"{stages[0]}, class by class. The other stages are in evaluation.json if the report is a "
        f"folder."
    )
    return [
        page.table(
            ("Stage", "Method", "Scans", *_MEASURES),
            [[row["stage"], *_cells(row)] for row in by_stage],
            words=2,
        ),
        page.paragraph(last),
        page.table(
            ("Class", "Method", "Scans", *_MEASURES),
            [[shown[row["class"]], *_cells(row)] for row in by_class],
            words=2,
        ),
    ]


def _cells(row: dict[str, Any]) -> Sequence[page.Cell]:
    estimates = [Estimate(**row[name]) for name in ("near", "exact", "heat_inside")]
    return [
        CAM_METHODS[row["method"]],
        f"{row['count']:,}",
        *(page.with_interval(one.value, (one.low, one.high)) for one in estimates),
        (
            page.percent(row["tumour_share"]["value"]),
            f"{100 * row['near_share']['value']:.1f} with 15 px",
        ),
    ]

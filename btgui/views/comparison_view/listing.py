"""A compared scan in words: its true class, and each model's verdict."""

from __future__ import annotations

from collections.abc import Iterable

from btgui.engine.figures.comparison import ComparisonFigures, ReadScan
from btgui.views.scan_grid import ListedScan, place_of
from btgui.views.text import percent


def listed_scans(figures: ComparisonFigures, scans: Iterable[ReadScan]) -> list[ListedScan]:
    """Return scans for a grid, each with its true class and every model's verdict."""
    return [_listed(figures, scan) for scan in scans]


def _listed(figures: ComparisonFigures, scan: ReadScan) -> ListedScan:
    said = [
        f"{model.mark}: {figures.names[verdict]}, {percent(sure)}"
        for model, verdict, sure in zip(figures.models, scan.said, scan.probabilities, strict=True)
    ]
    lines = [f"is {figures.names[scan.true]}", *said]
    return ListedScan(scan.path, "\n".join(lines), "\n".join([place_of(scan.path), *lines]))

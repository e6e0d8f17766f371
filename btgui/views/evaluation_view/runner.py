"""Measures a model in a process of its own and shows what came of it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from btgui.engine.figures.evaluation import read_figures
from btgui.views.evaluation_view.view import EvaluationView
from btgui.views.figures_runner import FiguresRunner, Measurement

EVALUATION = Measurement(
    "evaluate",
    {
        "reading": "Reading scans",
        "comparing": "Looking for copies of training scans",
        "reporting": "Writing the report",
    },
    read_figures,
    lambda figures: f"{figures.model} on {figures.data}",
)


class EvaluationRunner(FiguresRunner):
    """Runs ``evaluate`` and shows the figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(EVALUATION, EvaluationView(), parent)

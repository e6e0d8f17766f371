"""The reliability diagram: whether the model's probabilities match its accuracy."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from btgui.engine.figures.evaluation import EvaluationFigures
from btgui.views.theme import QUIET_TEXT, class_colour
from btgui.views.widgets.curves_plot import dark_plot
from btgui.views.widgets.plot_legend import PlotLegend

_LARGEST, _SMALLEST = 18.0, 6.0
_EXPLAINED = (
    "On the dashed line the probabilities are accurate: of verdicts with 80 %, 80 % are correct. Below "
    "it the model is overconfident, above it underconfident. Large points stand for many scans; small "
    "points mean little."
)


class ReliabilityPlot(QWidget):
    """One point per bin, sized by its number of scans; the diagonal is perfect calibration."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = dark_plot("Probability of the verdict (%)", "Accuracy (%)")
        self.plot.setAccessibleName("Reliability diagram")
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setXRange(0, 100)
        self.plot.setYRange(0, 100)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        legend = PlotLegend()
        layout.addWidget(legend)
        legend.show_entries([], _EXPLAINED)
        layout.addWidget(self.plot, 1)

    def show_figures(self, figures: EvaluationFigures) -> None:
        """Draw the bins of an evaluation."""
        self.plot.clear()
        self.plot.plot([0, 100], [0, 100], pen=pg.mkPen(QUIET_TEXT, style=Qt.PenStyle.DashLine))
        counts = np.array([one.count for one in figures.bins], float)
        sizes = _SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(
            counts / max(1.0, counts.max(initial=1))
        )
        self.plot.plot(
            [one.probability * 100 for one in figures.bins],
            [one.right * 100 for one in figures.bins],
            pen=pg.mkPen(class_colour(1), width=1),
            symbol="o",
            symbolSize=list(sizes),
            symbolBrush=class_colour(1),
        )

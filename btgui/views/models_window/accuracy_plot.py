"""The accuracy of several models against their size or time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from btgui.views.text import percent_exactly, plain_tip
from btgui.views.theme import QUIET_TEXT, class_colour
from btgui.views.widgets.curves_plot import dark_plot
from btgui.views.widgets.plot_legend import PlotLegend

# Half a decade on either side of the outermost models, so that a single model has a scale, too.
_ROOM = 0.5
_BESIDE = "Models with the same value are drawn side by side."
_APART = 0.02  # of a decade
_TICKS = [
    (float(np.log10(n * 10.0**e)), f"{n * 10.0**e:g}") for e in range(-1, 4) for n in (1, 2, 5)
]


@dataclass(frozen=True)
class ModelPoint:
    """A model in the plot: its cost (above 0), and its accuracy with the interval, 0 to 1."""

    name: str
    cost: float
    accuracy: float
    low: float
    high: float


class AccuracyPlot(QWidget):
    """One point per model, with the 95 % interval, over a logarithmic axis of cost."""

    def __init__(self, cost: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = dark_plot(cost, "Test accuracy (%)")
        self.plot.setLogMode(x=True, y=False)
        self.plot.setAccessibleName(f"Accuracy against {cost.lower()}")
        self.legend = PlotLegend()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)

    def show_points(
        self, points: Sequence[ModelPoint], beside: Sequence[ModelPoint] = (), remark: str = ""
    ) -> None:
        """Replace the points shown.

        Parameters
        ----------
        beside
            Published figures, drawn as grey squares.
        remark
            A sentence for the legend.
        """
        self.plot.clear()
        if len({point.cost for point in points}) < len(points):
            remark = f"{remark} {_BESIDE}".strip()
        self.legend.show_entries(
            [(point.name, class_colour(index + 1)) for index, point in enumerate(points)], remark
        )
        if not points:
            return
        # pyqtgraph does not transform items that are added one by one to a logarithmic axis.
        across = _side_by_side([point.cost for point in points])
        self._draw_beside(beside)
        self.plot.getAxis("bottom").setTicks([_TICKS])
        everything = np.concatenate([across, np.log10([point.cost for point in beside])])
        self.plot.setXRange(everything.min() - _ROOM, everything.max() + _ROOM)
        for index, (point, x) in enumerate(zip(points, across, strict=True)):
            y, low, high = (100 * v for v in (point.accuracy, point.low, point.high))
            colour = class_colour(index + 1)
            self.plot.addItem(
                pg.ErrorBarItem(
                    x=np.array([x]), y=np.array([y]), top=high - y, bottom=y - low, pen=colour
                )
            )
            spot = pg.ScatterPlotItem(
                [x], [y], size=12, brush=colour, pen=None, hoverable=True, tip=None
            )
            spot.setToolTip(plain_tip(f"{point.name}: {y:.1f} % ({low:.1f} to {high:.1f} %)"))
            self.plot.addItem(spot)

    def _draw_beside(self, others: Sequence[ModelPoint]) -> None:
        for other in others:
            spot = pg.ScatterPlotItem(
                [np.log10(other.cost)],
                [100 * other.accuracy],
                symbol="s",
                size=9,
                pen=QUIET_TEXT,
                brush=None,
                hoverable=True,
                tip=None,
            )
            spot.setToolTip(plain_tip(f"{other.name}: {percent_exactly(other.accuracy)}"))
            self.plot.addItem(spot)


def _side_by_side(costs: Sequence[float]) -> NDArray[np.float64]:
    """Return the decimal logarithms of the costs, with equal ones moved slightly apart."""
    across = np.log10(costs)
    for value in np.unique(across):
        same = np.flatnonzero(across == value)
        across[same] += _APART * (np.arange(len(same)) - (len(same) - 1) / 2)
    return across

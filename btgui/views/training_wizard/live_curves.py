"""Loss and accuracy of training and validation during a run, one point per epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from btgui.views.theme import class_colour
from btgui.views.widgets.curves_plot import dark_plot
from btgui.views.widgets.plot_legend import PlotLegend

_TRAINING, _VALIDATION = class_colour(0), class_colour(1)
_LEARNED = "scans trained on (training)"
_OTHERS = "others (validation): these count"
_PERCENT = 100.0
_MARGIN = 0.04  # of the axis, so that the last tick's number is not cut
_MOST_TICKS = 12
_LEAST_LOSS = 0.5
_LEAST_SPAN, _STEP = 50.0, 10.0  # percent


class LiveCurves(QWidget):
    """Two plots side by side; the running epoch is the last point of the training curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = dark_plot("Epoch", "Loss")
        self.accuracy = dark_plot("Epoch", "Accuracy (%)")
        self.loss.setAccessibleName("Loss per epoch")
        self.accuracy.setAccessibleName("Accuracy per epoch")
        self.legend = PlotLegend()
        plots = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        self.legend.show_entries([(_LEARNED, _TRAINING), (_OTHERS, _VALIDATION)])
        layout.addLayout(plots, 1)
        dotted = pg.mkPen(_TRAINING, width=1.5, style=Qt.PenStyle.DotLine)
        self._lines: dict[str, pg.PlotDataItem] = {}
        for plot, name in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            plot.setMouseEnabled(x=False, y=False)
            plot.setMinimumHeight(120)
            plots.addWidget(plot)
            self._lines[name] = plot.plot(
                [], pen=dotted, symbol="o", symbolSize=5, symbolBrush=_TRAINING
            )
            self._lines[f"validation_{name}"] = plot.plot(
                [],
                pen=pg.mkPen(_VALIDATION, width=2),
                symbol="o",
                symbolSize=6,
                symbolBrush=_VALIDATION,
            )

    def set_epochs(self, epochs: int) -> None:
        """Set the horizontal axes to the given number of epochs."""
        every = math.ceil(max(1, epochs) / _MOST_TICKS)
        for plot in (self.loss, self.accuracy):
            plot.setXRange(0, max(1, epochs), padding=_MARGIN)
            plot.getAxis("bottom").setTickSpacing(every, every)

    def show_history(
        self,
        history: Mapping[str, Sequence[float]],
        running: tuple[float, float, float] | None = None,
    ) -> None:
        """Draw the finished epochs and the running one.

        Parameters
        ----------
        history
            One value per epoch of ``loss``, ``accuracy``, ``validation_loss`` and
            ``validation_accuracy``.
        running
            The position of the run in epochs, and the running epoch's loss and accuracy.
        """
        drawn: dict[str, list[float]] = {}
        for kind, line in self._lines.items():
            values = list(history[kind])
            places: list[float] = list(range(1, len(values) + 1))
            if running is not None and kind in {"loss", "accuracy"}:
                places.append(running[0])
                values.append(running[1] if kind == "loss" else running[2])
            scale = _PERCENT if kind.endswith("accuracy") else 1.0
            drawn[kind] = [value * scale for value in values]
            line.setData(places, drawn[kind])
        # Each axis keeps a least span: the scatter of a few points must not look large.
        losses = filter(math.isfinite, drawn["loss"] + drawn["validation_loss"])
        self.loss.setYRange(0, max([*losses, _LEAST_LOSS]), padding=_MARGIN)
        shares = filter(math.isfinite, drawn["accuracy"] + drawn["validation_accuracy"])
        lowest = min(shares, default=0.0)
        below = math.floor(lowest / _STEP) * _STEP
        self.accuracy.setYRange(min(below, _PERCENT - _LEAST_SPAN), _PERCENT, padding=_MARGIN)

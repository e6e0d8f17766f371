"""Training curves: accuracy per epoch on the training and the validation scans."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from btgui.engine.models.card import ModelCard
from btgui.views.theme import LINE, QUIET_TEXT, SURFACE, class_colour
from btgui.views.widgets.plot_legend import PlotLegend

_MOST_TICKS = 12
_MOST_POINTS = 30  # with more epochs, points would hide the line


@dataclass(frozen=True)
class Curves:
    """One model's curves: one value per epoch in each, 0 to 1, starting with epoch 1."""

    name: str
    training: tuple[float, ...]
    validation: tuple[float, ...]


def curves_of(card: ModelCard) -> Curves | None:
    """Return the training curves in a model card, or None if there are none."""
    history = card.training.get("history")
    if not isinstance(history, dict):
        return None
    training, validation = (history.get(name) for name in ("accuracy", "validation_accuracy"))
    if not (isinstance(training, list) and isinstance(validation, list) and validation):
        return None
    if not all(isinstance(value, (int, float)) for value in (*training, *validation)):
        return None
    return Curves(card.name, tuple(training), tuple(validation))


def dark_plot(across: str, up: str) -> pg.PlotWidget:
    """Return an empty plot in the window's colours with the given axis labels."""
    plot = pg.PlotWidget(background=SURFACE, enableMenu=False)
    plot.hideButtons()
    plot.showGrid(x=True, y=True, alpha=0.15)
    plot.plotItem.layout.setContentsMargins(1, 1, 1, 4)  # keeps the lower label's descenders
    for side, text in (("bottom", across), ("left", up)):
        axis = plot.getAxis(side)
        axis.setPen(LINE)
        axis.setTextPen(QUIET_TEXT)
        axis.setLabel(text)
        axis.enableAutoSIPrefix(False)
    return plot


class CurvesPlot(QWidget):
    """Accuracy per epoch: a solid line for validation, a dotted line for training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = dark_plot("Epoch", "Accuracy (%)")
        self.plot.setAccessibleName("Training curves")
        self.legend = PlotLegend()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)

    def show_curves(self, all_curves: Sequence[Curves], without: Sequence[str] = ()) -> None:
        """Replace the curves shown.

        ``without`` names the other models shown, whose training was not recorded.
        """
        self.plot.clear()
        epochs = max((len(curves.validation) for curves in all_curves), default=1)
        every = math.ceil(epochs / _MOST_TICKS)
        self.plot.getAxis("bottom").setTickSpacing(every, every)
        # Half an epoch more at either end, so that a single epoch has a width, too.
        self.plot.setXRange(0.5, epochs + 0.5, padding=0)
        entries = []
        for index, curves in enumerate(all_curves):
            colour = class_colour(index + 1)
            entries.append((curves.name, colour))
            dotted = pg.mkPen(colour, width=1.2, style=Qt.PenStyle.DotLine)
            names = (f"{curves.name}: training", f"{curves.name}: validation")
            parts = (curves.training, curves.validation)
            for name, values, pen, brush in zip(
                names, parts, (dotted, pg.mkPen(colour, width=2)), (None, colour), strict=True
            ):
                self.plot.plot(
                    range(1, len(values) + 1),
                    [value * 100 for value in values],
                    pen=pen,
                    name=name,
                    symbol="o" if len(values) <= _MOST_POINTS else None,
                    symbolSize=7,
                    symbolPen=colour,
                    symbolBrush=brush,
                )
        self.legend.show_entries(entries, _remark(all_curves, without))


def _remark(drawn: Sequence[Curves], without: Sequence[str]) -> str:
    words = ["Solid line: validation; dotted: training."] if drawn else []
    if without:
        words.append(f"The training of {', '.join(without)} was not recorded.")
    return " ".join(words)

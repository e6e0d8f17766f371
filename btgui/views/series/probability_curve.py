"""The model's probabilities along a series: one line per class, and the deciding slices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from btgui.engine.studies.series_verdict import SliceReading
from btgui.views.theme import ACCENT, QUIET_TEXT, class_colour
from btgui.views.widgets.curves_plot import dark_plot
from btgui.views.widgets.plot_legend import PlotLegend

_HEIGHT = 128
_SHARES = [[(50, "50")], [(25, "25"), (75, "75")]]  # the second list where there is room
_MOST_TICKS = 12
_EVERY = [round_one * 10**zeros for zeros in range(5) for round_one in (1, 2, 5)]
_LOWEST_PLOT = 60  # in a plot of a few pixels the lines could not be distinguished


class ProbabilityCurve(QWidget):
    """A plot of probabilities over slices; a click requests the slice at that position.

    Signals
    -------
    slice_wanted(int)
        The user requests the slice with this index, from 0.
    """

    slice_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._lines: list[pg.PlotDataItem] = []
        self._uncounted: list[pg.PlotDataItem] = []
        self.plot = dark_plot("Slice", "%")
        self.plot.getAxis("bottom").showLabel(False)
        self.plot.getAxis("left").setTicks(_SHARES)
        self.plot.setAccessibleName("Probabilities along the series")
        self.plot.setToolTip(
            "Click to show a slice. The slices in the bright band decided the verdict. "
            "Hollow grey points do not count: no head was found there."
        )
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setAcceptDrops(False)  # the window handles drops
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the slider is the keyboard's way
        self.legend = PlotLegend()
        self.legend.setContentsMargins(0, 0, 0, 0)
        self._band = pg.LinearRegionItem(
            movable=False, brush=QColor(79, 157, 208, 60), pen=pg.mkPen(None)
        )
        self._here = pg.InfiniteLine(pen=pg.mkPen(ACCENT, width=1.5))
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        self.plot.setMinimumHeight(_LOWEST_PLOT)
        self.setMaximumHeight(_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """Return the preferred height; in a low window the plot is lower."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  (Qt's name)
        """Return False: names in a second line of the legend must not keep the plot from shrinking."""
        return False

    def start(self, count: int, display_names: Sequence[str]) -> None:
        """Prepare empty lines over ``count`` slices, one for each class."""
        self._count = count
        self.plot.clear()
        self.legend.show_entries([(name, class_colour(n)) for n, name in enumerate(display_names)])
        self._lines = [
            self.plot.plot([], [], pen=pg.mkPen(class_colour(n), width=2), connect="finite")
            for n in range(len(display_names))
        ]
        self._uncounted = [
            self.plot.plot(
                [], [], pen=None, symbol="o", symbolSize=4, symbolBrush=None, symbolPen=QUIET_TEXT
            )
            for _ in display_names
        ]
        for item in (self._band, self._here):
            self.plot.addItem(item)
        self._band.hide()
        every = next(every for every in _EVERY if count <= every * _MOST_TICKS)
        # Without this, an axis of few slices would have ticks such as 1.5, too.
        self.plot.getAxis("bottom").setTickSpacing(every, every)
        # Half a slice more at either end, so that the first and the last slice have their numbers.
        self.plot.setXRange(0.5, count + 0.5, padding=0)
        self.plot.setYRange(0, 100, padding=0.04)
        self.show()

    def show_readings(self, readings: Sequence[SliceReading]) -> None:
        """Draw the readings so far; unread slices leave a gap, slices without a head hollow points."""
        others = [reading for reading in readings if reading.probabilities and not reading.counts]
        for index, (line, points) in enumerate(zip(self._lines, self._uncounted, strict=True)):
            shares = [r.probabilities[index] * 100 if r.counts else np.nan for r in readings]
            line.setData([reading.index + 1 for reading in readings], shares)
            points.setData(
                [reading.index + 1 for reading in others],
                [reading.probabilities[index] * 100 for reading in others],
            )

    def show_deciding(self, indexes: Sequence[int]) -> None:
        """Mark the slices that decided the verdict; an empty sequence removes the mark."""
        self._band.setVisible(bool(indexes))
        if indexes:
            self._band.setRegion((indexes[0] + 0.5, indexes[-1] + 1.5))

    def show_slice(self, index: int) -> None:
        """Mark the position of the slice that is shown."""
        self._here.setValue(index + 1)

    def _clicked(self, event) -> None:  # noqa: ANN001  (pyqtgraph's)
        box = self.plot.getViewBox()
        if event.button() == Qt.MouseButton.LeftButton and self._count:
            number = round(box.mapSceneToView(event.scenePos()).x())
            self.slice_wanted.emit(min(max(number - 1, 0), self._count - 1))

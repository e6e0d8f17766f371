"""The display options of heatmaps, below the legend of their colours."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.exports.heat_pictures import CONTOURS_SAID, HeatStyle
from btgui.engine.exports.picture import COLOUR_MAPS
from btgui.views.actions import set_tip_with_keys
from btgui.views.heatmaps.colour_legend import ColourLegend
from btgui.views.widgets.labels import plain_label
from btgui.views.widgets.wheel_guard import guard_wheel
from btgui.views.widgets.wrapping_row import WrappingRow


class HeatLook(QWidget):
    """Controls for opacity, colours and contours, below the legend of the colours.

    Signals
    -------
    changed(dict)
        The option that is different now, by settings name.
    """

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setMinimumWidth(70)
        self.opacity.setMaximumWidth(240)
        self.opacity.setAccessibleName("Opacity")
        self.opacity.setToolTip("How strongly the colours cover the scan.")
        self.colours = QComboBox()
        self.colours.setAccessibleName("Colours")
        self.colours.setToolTip("The colours of the heatmap.")
        for name, label in COLOUR_MAPS.items():
            self.colours.addItem(label, name)
        guard_wheel(self.colours)
        self.contours = QCheckBox("Contours")
        set_tip_with_keys(self.contours, f"{CONTOURS_SAID}.", "contours")
        self.legend = ColourLegend()
        self._lay_out()
        self.choose("inferno", 50, contours=False)
        self.opacity.valueChanged.connect(lambda now: self._tell(heatmap_opacity=now))
        self.colours.activated.connect(
            lambda _row: self._tell(colour_map=self.colours.currentData())
        )
        self.contours.toggled.connect(lambda now: self._tell(heatmap_contours=now))
        self.contours.toggled.connect(self.opacity.setDisabled)  # opacity does not apply to lines

    def choose(self, colour_map: str, opacity: int, *, contours: bool) -> None:
        """Set the options; the first colour map replaces an unknown one."""
        self.colours.setCurrentIndex(max(0, self.colours.findData(colour_map)))
        self.contours.setChecked(contours)
        self.opacity.setValue(opacity)
        self.legend.show_colour_map(self.colours.currentData())

    def heat_style(self) -> HeatStyle:
        """Return how the heatmaps are to be drawn."""
        return HeatStyle(
            self.colours.currentData(), self.opacity.value() / 100, self.contours.isChecked()
        )

    def _lay_out(self) -> None:
        label = plain_label("Opacity", "quiet")
        opacity = QWidget()  # keeps the label and its slider on one line
        row = QHBoxLayout(opacity)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self.opacity, 1)
        row.addStretch()  # in a wide view, keeps the label next to its slider
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.legend)
        layout.addLayout(WrappingRow(opacity, self.colours, self.contours))

    def _tell(self, **option: str | int) -> None:
        self.legend.show_colour_map(self.colours.currentData())
        self.changed.emit(option)  # without the others, which another window may have changed

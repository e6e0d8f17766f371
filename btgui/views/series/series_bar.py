"""The bar under a series: slider, current position in words, and playback."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QVBoxLayout, QWidget

from btgui.views.actions import set_tip_with_keys
from btgui.views.scan_view.wheel import WheelSteps
from btgui.views.text import CONTROL
from btgui.views.widgets.elided_label import ElidedLabel
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.named_text import set_named_text
from btgui.views.widgets.play_button import PlayButton
from btgui.views.widgets.wheel_guard import guard_wheel

_RATE = 10  # slices per second, at first
_SHORTEST = 80  # pixels of the slider


class SeriesBar(QWidget):
    """A slider over the slices, also moved by actions and by the wheel over watched widgets.

    Signals
    -------
    slice_wanted(int)
        The user requests the slice with this index, from 0.
    """

    slice_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ready = True
        self._wheel = WheelSteps(self)
        self._wheel.stepped.connect(self.step)
        self.slider = _SliceSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Slice")
        self.slider.setMinimumWidth(_SHORTEST)
        set_tip_with_keys(
            self.slider,
            f"Slices. The wheel over the scan steps too, and {CONTROL}+wheel zooms; next slice",
            "next_slice",
        )
        self.slider.valueChanged.connect(self._want)
        self._wheel.watch(self.slider)
        self.place = ElidedLabel(fewest=len("Slice 000 of 000"))
        self.play = PlayButton("Play slices", 1000 // _RATE)
        set_tip_with_keys(self.play, "Show the slices one after the other.", "play_slices")
        self.play.step_wanted.connect(self._play_on)
        self.rate = QSpinBox()
        guard_wheel(self.rate)
        self.rate.lineEdit().setAcceptDrops(False)  # drops are for the window
        self.rate.setRange(1, 30)
        self.rate.setValue(_RATE)
        self.rate.setSuffix(" /s")
        self.rate.setAccessibleName("Slices per second")
        self.rate.setToolTip("The number of slices to play per second.")
        self.rate.valueChanged.connect(lambda rate: self.play.set_pace(1000 // rate))
        self.findings = paragraph(role="warning")
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.slider, self.place, self.play, self.rate):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.findings)
        self.hide()

    def watch(self, widget: QWidget) -> None:
        """Let the wheel over this widget step through the slices while a series is open."""
        self._wheel.watch(widget)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handler of each action on slices; without an open series they do nothing."""
        return {
            "previous_slice": lambda: self.step(-1),
            "next_slice": lambda: self.step(1),
            "first_slice": lambda: self.step(-self.slider.maximum()),
            "last_slice": lambda: self.step(self.slider.maximum()),
            "play_slices": self.toggle_playing,
        }

    def open(self, count: int, index: int, findings: Sequence[str] = ()) -> None:
        """Offer ``count`` slices, show the findings on the series, and request a slice."""
        self.play.setChecked(False)
        set_named_text(self.findings, "Findings on the series", " ".join(findings))
        self.findings.setVisible(bool(findings))
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count - 1)
            self.slider.setPageStep(max(1, count // 10))
            self.slider.setValue(index)
        self._wheel.on = True
        self.show()
        self._want(index)

    def close_series(self) -> None:
        """Stop playing and hide the bar."""
        self.play.setChecked(False)
        self._wheel.on = False
        self.hide()

    def set_place(self, text: str) -> None:
        """Show the position of the slice that is now on the screen."""
        self._ready = True
        set_named_text(self.place, "Position in the series", text)

    def step(self, by: int) -> None:
        """Request the slice ``by`` steps further on, within the ends of the series."""
        if not self.isHidden():
            self.slider.setValue(self.slider.value() + by)

    def toggle_playing(self) -> None:
        """Play the slices, or pause."""
        if not self.isHidden():
            self.play.toggle()

    def pause(self) -> None:
        """Stop playing."""
        self.play.setChecked(False)

    def _want(self, index: int) -> None:
        self._ready = False
        self.slice_wanted.emit(index)

    def _play_on(self) -> None:
        if self._ready:  # wait until the requested slice is on the screen
            count = self.slider.maximum() + 1
            self.slider.setValue((self.slider.value() + 1) % count)


class _SliceSlider(QSlider):
    """A horizontal slider on which Up and Page Up go to earlier slices, as over the scan."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setInvertedControls(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Move the handle; Left and Right, which Qt inverts as well, move it to their side."""
        self.setInvertedControls(event.key() not in {Qt.Key.Key_Left, Qt.Key.Key_Right})
        super().keyPressEvent(event)
        self.setInvertedControls(True)

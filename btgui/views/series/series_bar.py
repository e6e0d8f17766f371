"""Which slice of the series is shown: slider, place in words, and playing through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

_NOTCH = 120  # one notch of a wheel, in eighths of a degree
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class SeriesBar(QWidget):
    """A slider over the slices. Wheel and keys over watched widgets move it too.

    Signals
    -------
    slice_wanted(int)
        The user wants this slice, counted from 0.
    """

    slice_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turned = 0
        self._ready = True
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Slice")
        self.slider.setToolTip(
            "Slices: wheel over the scan, Up, Down, Home, End. Ctrl+wheel zooms."
        )
        self.slider.valueChanged.connect(self._want)
        self.slider.installEventFilter(self)
        self.place = QLabel()
        self.place.setAccessibleName("Place in the series")
        self.play = QPushButton("Play slices")
        self.play.setCheckable(True)
        self.play.setToolTip("Show the slices one after the other.")
        self.play.toggled.connect(self._play)
        self.rate = QSpinBox()
        self.rate.setRange(1, 30)
        self.rate.setValue(10)
        self.rate.setSuffix(" /s")
        self.rate.setAccessibleName("Slices a second")
        self.rate.setToolTip("How many slices a second are played.")
        self.rate.valueChanged.connect(self._set_rate)
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // self.rate.value())
        self._timer.timeout.connect(self._play_on)
        self.findings = QLabel()
        self.findings.setProperty("role", "warning")
        self.findings.setTextFormat(Qt.TextFormat.PlainText)
        self.findings.setWordWrap(True)
        self.findings.setAccessibleName("What is remarkable about the series")
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
        """Take wheel and keys over this widget, while a series is open, for the slices."""
        widget.installEventFilter(self)

    def open(self, count: int, index: int, findings: Sequence[str] = ()) -> None:
        """Offer so many slices, say what is remarkable about them, and want one of them."""
        self.play.setChecked(False)
        self.findings.setText(" ".join(findings))
        self.findings.setVisible(bool(findings))
        self.slider.blockSignals(True)
        self.slider.setRange(0, count - 1)
        self.slider.setPageStep(max(1, count // 10))
        self.slider.setValue(index)
        self.slider.blockSignals(False)
        self.show()
        self._want(index)

    def close_series(self) -> None:
        """Offer nothing."""
        self.play.setChecked(False)
        self.hide()

    def set_place(self, text: str) -> None:
        """Say which slice is shown: it is on the screen now."""
        self._ready = True
        self.place.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  (Qt's name)
        """Step by the wheel without Ctrl, and by Up, Down, Home and End."""
        if self.isHidden():
            return super().eventFilter(watched, event)
        if isinstance(event, QWheelEvent):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                return super().eventFilter(watched, event)
            self._turned -= event.angleDelta().y()
            notches = int(self._turned / _NOTCH)
            self._turned -= notches * _NOTCH
            self.step(notches)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and self._key(event.key()):
                return True
        return super().eventFilter(watched, event)

    def step(self, by: int) -> None:
        """Want the slice so many further on; the ends are kept to."""
        self.slider.setValue(self.slider.value() + by)

    def _key(self, key: int) -> bool:
        if key in _STEPS:
            self.step(_STEPS[key])
        elif key == Qt.Key.Key_Home:
            self.slider.setValue(0)
        elif key == Qt.Key.Key_End:
            self.slider.setValue(self.slider.maximum())
        else:
            return False
        return True

    def _set_rate(self, rate: int) -> None:
        self._timer.setInterval(1000 // rate)

    def _want(self, index: int) -> None:
        self._ready = False
        self.slice_wanted.emit(index)

    def _play(self, playing: bool) -> None:  # noqa: FBT001  (a Qt slot)
        self.play.setText("Pause" if playing else "Play slices")
        if playing:
            self._timer.start()
        else:
            self._timer.stop()

    def _play_on(self) -> None:
        if self._ready:  # never ahead of the pictures
            count = self.slider.maximum() + 1
            self.slider.setValue((self.slider.value() + 1) % count)

"""A button for playback: while it is down, it requests one step after the other."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget


class PlayButton(QPushButton):
    """A checkable button that shows what a press does, and runs a timer while it is checked.

    Signals
    -------
    step_wanted()
        It is time for the next step.
    """

    step_wanted = Signal()

    def __init__(
        self, play: str, stop: str, milliseconds: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(play, parent)
        self._words = {False: play, True: stop}
        self._timer = QTimer(self, interval=milliseconds)
        self._timer.timeout.connect(self.step_wanted)
        self.setCheckable(True)
        self.toggled.connect(self._play)

    def set_pace(self, milliseconds: int) -> None:
        """Set the time between two steps."""
        self._timer.setInterval(milliseconds)

    def _play(self, playing: bool) -> None:  # noqa: FBT001  (a Qt slot)
        self.setText(self._words[playing])
        if playing:
            self._timer.start()
        else:
            self._timer.stop()

"""A button for playback: while it is down, it requests one step after the other."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from btgui.views.theme import tool_icon


class PlayButton(QToolButton):
    """A checkable button whose icon shows what a press does; it runs a timer while it is checked.

    Signals
    -------
    step_wanted()
        It is time for the next step.
    """

    step_wanted = Signal()

    def __init__(self, name: str, milliseconds: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("tool", True)
        self.setAccessibleName(name)
        self.setCheckable(True)
        self._icons = {False: tool_icon("play"), True: tool_icon("pause")}
        self.setIcon(self._icons[False])
        self._timer = QTimer(self, interval=milliseconds)
        self._timer.timeout.connect(self.step_wanted)
        self.toggled.connect(self._play)

    def set_pace(self, milliseconds: int) -> None:
        """Set the time between two steps."""
        self._timer.setInterval(milliseconds)

    def _play(self, playing: bool) -> None:  # noqa: FBT001  (a Qt slot)
        self.setIcon(self._icons[playing])
        if playing:
            self._timer.start()
        else:
            self._timer.stop()

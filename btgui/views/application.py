"""The application object: it takes files that the system asks it to open.

On macOS that is what is dropped on the application's icon in the Dock; elsewhere files come as
arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

# Of several files that were dropped together each comes as an event of its own.
_TOGETHER_MILLISECONDS = 100


class Application(QApplication):
    """Gathers what the system asks for, from before there is a window.

    Signals
    -------
    files_requested(list)
        These paths are to be opened; told only after :meth:`take_requests`.
    """

    files_requested = Signal(list)

    def __init__(self, arguments: Sequence[str]) -> None:
        # Named here: setStyle would have PySide make the hundreds of names in QStyle first.
        super().__init__([*arguments, "-style", "fusion"])
        self._requests: list[Path] = []
        self._has_window = False
        self._together = QTimer(self, singleShot=True, interval=_TOGETHER_MILLISECONDS)
        self._together.timeout.connect(lambda: self.files_requested.emit(self.take_requests()))

    def take_requests(self) -> list[Path]:
        """Return what was asked for so far; from now on there is somebody to tell."""
        self._has_window = True
        self._together.stop()
        paths, self._requests = self._requests, []
        return paths

    def event(self, event: QEvent) -> bool:
        """Take a request of the system; everything else goes its way."""
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        if event.file():
            self._requests.append(Path(event.file()))
            if self._has_window:
                self._together.start()
        return True

"""The application object, which collects the files that the system asks it to open.

On macOS these are the files dropped on the application's icon in the Dock; on other systems, files
arrive as arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

# Each of several files that are dropped together arrives as a separate event.
_TOGETHER_MILLISECONDS = 100


class Application(QApplication):
    """Collects the system's requests to open files, even before there is a window.

    Signals
    -------
    files_requested(list)
        These paths are to be opened; emitted only after :meth:`take_requests` was called.
    """

    files_requested = Signal(list)

    def __init__(self, arguments: Sequence[str]) -> None:
        # As an argument: setStyle would make PySide create the hundreds of names in QStyle first.
        super().__init__([*arguments, "-style", "fusion"])
        self._requests: list[Path] = []
        self._has_window = False
        self._together = QTimer(self, singleShot=True, interval=_TOGETHER_MILLISECONDS)
        self._together.timeout.connect(lambda: self.files_requested.emit(self.take_requests()))

    def take_requests(self) -> list[Path]:
        """Return the requests so far; later ones are emitted as :attr:`files_requested`."""
        self._has_window = True
        self._together.stop()
        paths, self._requests = self._requests, []
        return paths

    def event(self, event: QEvent) -> bool:
        """Collect a request to open a file; every other event is handled as usual."""
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        if event.file():
            self._requests.append(Path(event.file()))
            if self._has_window:
                self._together.start()
        return True

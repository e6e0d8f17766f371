"""Training runs that are in progress when the application starts and may be about to end."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from btgui.engine.training_runs.runs import runs

_EVERY_MS = 2000
_LOOKS = 60  # two minutes: a run ends at its next step, which may be slow


class EndingRuns(QObject):
    """Checks for two minutes whether runs that were in progress have ended.

    Signals
    -------
    ended(list)
        These runs wait to be resumed or decided on.
    """

    ended = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: set[Path] = set()
        self._looks = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def watch(self) -> None:
        """Watch the runs that are in progress now."""
        self._folders = {run.folder for run in runs() if run.is_at_work}
        self._looks = 0
        self._timer.start() if self._folders else self._timer.stop()

    def stop(self) -> None:
        """Stop watching."""
        self._timer.stop()

    def _look(self) -> None:
        found = [run for run in runs() if run.folder in self._folders]
        working = {run.folder for run in found if run.is_at_work}
        self._looks += 1
        self._folders = working
        if not working or self._looks >= _LOOKS:
            self._timer.stop()
        if ended := [run for run in found if run.folder not in working]:
            self.ended.emit(ended)

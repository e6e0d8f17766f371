"""Commands of ``training``, run in a process of their own and told by signals."""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QProcess, Signal

from btgui.engine.training_events import Command, Ended, from_line

How = Literal["could_not_start", "crashed", "killed", "failed", "stopped", "succeeded"]
_LOG_LINES = 200
_GOODBYE_MILLISECONDS = 5000


@dataclass(frozen=True)
class Ending:
    """How a command ended: ``text`` in words for the user; ``log`` is what it last logged."""

    how: How
    text: str
    pack: str
    log: str


class TrainingProcess(QObject):
    """Starts a command, passes on its events and says how it ended.

    Signals
    -------
    event_arrived(Event)
        An event of :mod:`btgui.engine.training_events`.
    ended(Ending)
        Exactly once a start.
    """

    event_arrived = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._killed = False
        self._last: Ended | None = None
        self._log: deque[str] = deque(maxlen=_LOG_LINES)

    def start(self, arguments: list[str]) -> None:
        """Start a command, such as ``["audit", FOLDER, "--events"]``."""
        if self.is_running():
            raise RuntimeError("expected no running command, received a second one")
        self._killed, self._last = False, None
        self._log.clear()
        process = QProcess(self)
        process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._error)
        self._process = process
        process.start(sys.executable, ["-m", "training", *arguments])

    def tell(self, command: Command) -> None:
        """Tell the command something."""
        if self._process is not None:
            self._process.write(f"{command}\n".encode())

    def is_running(self) -> bool:
        """Whether a command runs."""
        return self._process is not None

    def kill(self) -> None:
        """End it at once, and wait until it has."""
        if self._process is not None:
            self._killed = True
            self._process.kill()
            self._process.waitForFinished(_GOODBYE_MILLISECONDS)

    def _read_events(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data()).decode("utf-8", "replace")
            try:
                event = from_line(line)
            except ValueError as error:
                self._log.append(str(error))
                continue
            if isinstance(event, Ended):
                self._last = event
            if event is not None:
                self.event_arrived.emit(event)

    def _read_log(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self._log.extend(text.splitlines())

    def _error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end("could_not_start", "The training program could not be started.")

    def _finished(self, _code: int, _status: QProcess.ExitStatus) -> None:
        self._read_events()
        self._read_log()
        if self._last is not None:
            self._end(self._last.how, self._last.reason)
        elif self._killed:
            self._end("killed", "It was ended.")
        else:
            self._end("crashed", "The training program ended unexpectedly. Try again.")

    def _end(self, how: How, text: str) -> None:
        if self._process is None:
            return
        self._process.deleteLater()
        self._process = None
        pack = self._last.pack if self._last else ""
        self.ended.emit(Ending(how, text, pack, "\n".join(self._log)))

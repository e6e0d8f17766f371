"""A command of training that may be stopped, or begun anew, at any time."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from btgui.engine.training_runs.events import Command
from btgui.workers.training_process import Ending, TrainingProcess

_PATIENCE_MILLISECONDS = 3000


class ReplaceableCommand(QObject):
    """Runs one command at a time; a new one waits until the one before has stopped.

    For commands that have nothing to lose: one that does not stop soon is ended.

    Signals
    -------
    event_arrived(Event)
        An event of the newest command.
    ended(Ending)
        How the newest command ended: "stopped" wherever :meth:`stop` was called before.
    """

    event_arrived = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = TrainingProcess(self)
        self._next: list[str] | None = None
        self._stopping = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._process.kill)
        self._process.event_arrived.connect(self._pass_on)
        self._process.ended.connect(self._ended)

    def start(self, arguments: list[str]) -> None:
        """Start a command, in place of one that still runs."""
        if self._process.is_running():
            self._next = arguments
            self._ask_to_stop()
        else:
            self._process.start(arguments)

    def stop(self) -> None:
        """Stop what runs."""
        self._next = None
        if self._process.is_running():
            self._ask_to_stop()

    def is_running(self) -> bool:
        """Whether a command runs or waits."""
        return self._process.is_running()

    def close(self) -> None:
        """Stop it, and wait until it has ended."""
        self._next = None
        self._patience.stop()
        self._process.close()

    def _ask_to_stop(self) -> None:
        if not self._stopping:
            self._stopping = True
            self._process.tell(Command.STOP)
            self._patience.start()

    def _pass_on(self, event: object) -> None:
        if not self._stopping:
            self.event_arrived.emit(event)

    def _ended(self, ending: Ending) -> None:
        self._patience.stop()
        stopped, self._stopping = self._stopping, False
        following, self._next = self._next, None
        if following is not None:
            self._process.start(following)
        else:
            self.ended.emit(replace(ending, how="stopped") if stopped else ending)

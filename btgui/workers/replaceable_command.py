"""Training commands that can be stopped or replaced at any time, and their JSON results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from btgui.engine.disk.private_folder import PrivateFolder
from btgui.engine.errors import BtguiError
from btgui.engine.training_runs.events import Command
from btgui.workers.background import Background, Stopped
from btgui.workers.training_process import Ending, TrainingProcess

_PATIENCE_MILLISECONDS = 3000
_ANSWER = "answer.json"


class ReplaceableCommand(QObject):
    """Runs one command at a time in a private folder, and reads the JSON file that it writes there.

    A new command waits until the previous one has stopped. Only for commands that have nothing to
    lose: a command that does not stop soon is killed.

    Signals
    -------
    event_arrived(Event)
        An event of the newest command.
    answered(object)
        The newest command is done, with its result as returned by ``read``.
    broke_off(Ending)
        The newest command has no result, and why: "stopped" if :meth:`stop` was called before.
    """

    event_arrived = Signal(object)
    answered = Signal(object)
    broke_off = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process = TrainingProcess(self)
        self._folder: PrivateFolder | None = None
        self._reading = Background(self)
        self._read: Callable[[Stopped], Any] | None = None  # of the newest
        self._next: list[str] | None = None
        self._stopping = False
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MILLISECONDS)
        self._patience.timeout.connect(self._process.kill)
        self._process.event_arrived.connect(self._pass_on)
        self._process.ended.connect(self._ended)
        self._reading.succeeded.connect(self.answered)
        self._reading.failed.connect(lambda why: self.broke_off.emit(Ending("failed", why)))

    @property
    def folder(self) -> Path | None:
        """The folder of the newest command, kept until the next one; None before the first."""
        return self._folder.path if self._folder else None

    def start(self, arguments: Callable[[Path], list[str]], read: Callable[[Path], Any]) -> None:
        """Start a command, in place of one that is still running.

        Parameters
        ----------
        arguments
            Function from the command's folder to the command's name and arguments; may raise a
            :class:`~btgui.engine.errors.BtguiError`. The options for the result file and for
            events are added.
        read
            Function from the result file to the value of :attr:`answered`, called on a thread;
            may raise a :class:`~btgui.engine.errors.BtguiError`, too.
        """
        try:
            folder = PrivateFolder()
            answer = folder.path / _ANSWER
            asked = [*arguments(folder.path), "--json", str(answer), "--events", "--end-with-input"]
        except BtguiError as error:
            self.broke_off.emit(Ending("could_not_start", str(error)))
            return
        self._folder, self._read = folder, lambda _stopped: read(answer)
        self._reading.cancel()
        if self._process.is_running():
            self._next = asked
            self._ask_to_stop()
        else:
            self._process.start(asked)

    def stop(self) -> None:
        """Stop the command, or the reading of its result."""
        self._next = None
        if self._process.is_running():
            self._ask_to_stop()
        elif self._reading.is_busy():
            self._reading.cancel()
            self.broke_off.emit(Ending("stopped", "Stopped."))

    def is_busy(self) -> bool:
        """Whether a command is running or waiting, or its result is being read."""
        return self._process.is_running() or self._reading.is_busy()

    def close(self) -> None:
        """Stop the command and wait until it has ended."""
        self._next = None
        self._patience.stop()
        self._process.close()
        self._reading.close()

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
        elif stopped:
            self.broke_off.emit(replace(ending, how="stopped"))
        elif ending.how == "succeeded" and self._read is not None:
            self._reading.start(self._read)
        else:
            self.broke_off.emit(ending)

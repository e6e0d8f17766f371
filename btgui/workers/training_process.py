"""A training command in a process of its own: its events in, the user's commands out.

The command is this very application, started again with ``train``: its standard output
carries :mod:`btgui.engine.training_runs.events`, its standard error what libraries print. When
its standard input closes, because this process ended in whatever way, it ends too.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from btgui.engine.paths import resource_folder
from btgui.engine.training_runs.events import Command, Ended, from_line

How = Literal["could_not_start", "crashed", "killed", "failed", "refused", "stopped", "succeeded"]
_OUTCOMES: dict[How, str] = {
    "could_not_start": "did not start.",
    "crashed": "broke off.",
    "killed": "was cut short.",
    "failed": "could not go on.",
    "refused": "cannot go on as it is.",
    "stopped": "was stopped.",
    "succeeded": "is done.",
}
_WITHOUT_REASON = {"succeeded": "Done.", "stopped": "Stopped."}

_KEPT_LOG = 20_000  # characters of what libraries print: enough to see what went wrong
_KILL_SIGNAL = 9  # as the system sends it when memory runs out
# As the system sends it where a file that is mapped into memory finds no room on the disk.
_BUS_SIGNAL = getattr(signal, "SIGBUS", None)


@dataclass(frozen=True)
class Ending:
    """How a command ended.

    Attributes
    ----------
    how
        "could_not_start"; "crashed" (without a word of its own); "killed" (by the system
        or on request); "failed" (with a reason); "refused" (with a reason that will hold again);
        "stopped" (as it was told to) or "succeeded".
    text
        That in words for the user, with what can be done.
    log
        The end of what it printed besides, for a person who looks into it.
    """

    how: How
    text: str
    log: str = ""

    @property
    def outcome(self) -> str:
        """What is said of the command before :attr:`text`: "broke off."."""
        return _OUTCOMES[self.how]


class TrainingProcess(QObject):
    """Runs one command at a time.

    Signals
    -------
    event_arrived(Event)
        An event of :mod:`btgui.engine.training_runs.events`, the last one too.
    ended(Ending)
        The command ended, in whatever way; exactly once a start.
    """

    event_arrived = Signal(object)
    ended = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, program: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(parent)
        self._program = program or training_program()
        self._process: QProcess | None = None
        self._log = ""
        self._last: Ended | None = None
        self._kill_wanted = False

    def start(self, arguments: list[str]) -> None:
        """Start ``train`` with these arguments, such as ``["audit", FOLDER, "--events"]``.

        Raises
        ------
        RuntimeError
            A command is running.
        """
        if self.is_running():
            raise RuntimeError("expected no running command")
        self._log, self._last, self._kill_wanted = "", None, False
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_log)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        self._process = process
        program, *first = self._program
        process.start(program, [*first, *arguments])

    def is_running(self) -> bool:
        """Whether a command has been started and has not ended."""
        return self._process is not None

    def tell(self, command: Command) -> None:
        """Tell the running command something; without one, nothing happens."""
        if self._process is not None:
            self._process.write(f"{command.value}\n".encode())

    def kill(self) -> None:
        """End the command at once; what its checkpoints hold stays."""
        if self._process is not None:
            self._kill_wanted = True
            self._process.kill()

    def close(self, milliseconds: int = 5000) -> None:
        """Ask the command to stop and wait; kill it if that takes longer.

        It holds up the calling thread: where a user waits, ask first and let the event loop
        turn until it :attr:`ended`.
        """
        process = self._process
        if process is None:
            return
        self.tell(Command.STOP)
        process.closeWriteChannel()
        if not process.waitForFinished(milliseconds):
            self.kill()
            process.waitForFinished(milliseconds)

    def _read_events(self) -> None:
        while self._process is not None and self._process.canReadLine():
            self._take(self._process.readLine().data().decode("utf-8", "replace"))

    def _take(self, line: str) -> None:
        try:
            event = from_line(line)
        except ValueError:
            self._keep(line)
            return
        if event is None:
            return
        if isinstance(event, Ended):
            self._last = event
        self.event_arrived.emit(event)

    def _read_log(self) -> None:
        if self._process is not None:
            text = self._process.readAllStandardError().data()
            self._keep(text.decode("utf-8", "replace"))

    def _keep(self, text: str) -> None:
        self._log = (self._log + text)[-_KEPT_LOG:]

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._end(
                Ending(
                    "could_not_start",
                    f"The training could not be started ({reason}). Install the application "
                    f"again, or allow it to start programs.",
                )
            )

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_events()
        self._read_log()
        crashed = status == QProcess.ExitStatus.CrashExit
        self._end(self._ending(code, crashed=crashed))

    def _ending(self, code: int, *, crashed: bool) -> Ending:
        if (last := self._last) is not None:
            return Ending(last.how, last.reason or _WITHOUT_REASON.get(last.how, ""), self._log)
        if self._kill_wanted:
            text = "It was ended at once. What its last checkpoint holds is kept."
            return Ending("killed", text, self._log)
        how, text = _without_a_word(code, crashed=crashed)
        return Ending(how, text, self._log)

    def _end(self, ending: Ending) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self.ended.emit(ending)


def training_program() -> tuple[str, ...]:
    """Return the program, with its first arguments, that runs training commands."""
    if not getattr(sys, "frozen", False):
        return sys.executable, str(resource_folder().parent / "main.py"), "train"
    program = Path(sys.executable)
    # A windowed program has no standard streams on Windows; its twin for the command line has.
    console = program.with_name("btgui-console.exe")
    return str(console if os.name == "nt" and console.is_file() else program), "train"


def _without_a_word(code: int, *, crashed: bool) -> tuple[How, str]:
    """Return how a command ended that said nothing of it, and that in words."""
    if crashed and code == _KILL_SIGNAL:
        return "killed", (
            "The system ended it, perhaps because memory ran out. Close other programs or "
            "choose smaller batches; what its last checkpoint holds is kept."
        )
    if crashed and code == _BUS_SIGNAL:
        return "killed", (
            "The system ended it: perhaps the disk is full. Make room there; what its last "
            "checkpoint holds is kept."
        )
    return "crashed", (
        f"It ended unexpectedly ({'signal' if crashed else 'status'} {code}). What its last "
        f"checkpoint holds is kept; the details may say why."
    )


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUTF8", "1")
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment

"""Training commands in a child process: its events are received, the user's commands sent.

The child is this application, started again with ``train``: its standard output carries
:mod:`btgui.engine.training_runs.events`, its standard error the output of libraries. When
its standard input closes, because this process ended in whatever way, the child ends too.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Qt, Signal

from btgui.engine.paths import resource_folder
from btgui.engine.training_runs.events import Command, Ended, from_line

How = Literal["could_not_start", "crashed", "killed", "failed", "refused", "stopped", "succeeded"]
_OUTCOMES: dict[How, str] = {
    "could_not_start": "did not start.",
    "crashed": "crashed.",
    "killed": "was terminated.",
    "failed": "failed.",
    "refused": "cannot be resumed as it is.",
    "stopped": "was stopped.",
    "succeeded": "is done.",
}
_WITHOUT_REASON = {"succeeded": "Done.", "stopped": "Stopped."}

_KEPT_LOG = 20_000  # characters of the libraries' output: enough to see what went wrong
_KILL_SIGNAL = 9  # sent by the system when memory runs out
# Sent by the system if a memory-mapped file cannot be written because the disk is full.
_BUS_SIGNAL = getattr(signal, "SIGBUS", None)


@dataclass(frozen=True)
class Ending:
    """How a command ended.

    Attributes
    ----------
    how
        "could_not_start"; "crashed" (without a final event); "killed" (by the system
        or on request); "failed" (with a reason); "refused" (with a reason that will apply
        again); "stopped" (on request) or "succeeded".
    text
        The reason in words for the user, with what can be done.
    log
        The end of its other output, for troubleshooting.
    """

    how: How
    text: str
    log: str = ""

    @property
    def outcome(self) -> str:
        """The predicate of a sentence to show before :attr:`text`: "failed."."""
        return _OUTCOMES[self.how]


class TrainingProcess(QObject):
    """Runs one command at a time.

    Signals
    -------
    event_arrived(Event)
        An event of :mod:`btgui.engine.training_runs.events`, including the last one.
    ended(Ending)
        The command ended, in whatever way; exactly once per start, and never before
        :meth:`start` returns.
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
        # A start may fail before it returns, as every failed start does on Windows.
        process.errorOccurred.connect(self._on_error, Qt.ConnectionType.QueuedConnection)
        process.finished.connect(self._on_finished)
        self._process = process
        program, *first = self._program
        process.start(program, [*first, *arguments])

    def is_running(self) -> bool:
        """Whether a command has been started and has not ended."""
        return self._process is not None

    def tell(self, command: Command) -> None:
        """Send a command to the running process; without one, nothing happens."""
        if self._process is not None:
            self._process.write(f"{command.value}\n".encode())

    def kill(self) -> None:
        """Kill the process at once; its checkpoints stay."""
        if self._process is not None:
            self._kill_wanted = True
            self._process.kill()

    def close(self, milliseconds: int = 5000) -> None:
        """Ask the process to stop and wait; kill it if that takes longer.

        This blocks the calling thread: where a user is waiting, ask first and let the event loop
        run until :attr:`ended` is emitted.
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
            self._handle_line(self._process.readLine().data().decode("utf-8", "replace"))

    def _handle_line(self, line: str) -> None:
        try:
            event = from_line(line)
        except ValueError:
            self._append_to_log(line)
            return
        if event is None:
            return
        if isinstance(event, Ended):
            self._last = event
        self.event_arrived.emit(event)

    def _read_log(self) -> None:
        if self._process is not None:
            text = self._process.readAllStandardError().data()
            self._append_to_log(text.decode("utf-8", "replace"))

    def _append_to_log(self, text: str) -> None:
        self._log = (self._log + text)[-_KEPT_LOG:]

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            reason = self._process.errorString()
            self._end(
                Ending(
                    "could_not_start",
                    f"The process could not be started ({reason}). Reinstall the application, or "
                    f"allow it to start programs.",
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
            text = "The process was ended at once; its last checkpoint is kept."
            return Ending("killed", text, self._log)
        how, text = _without_final_event(code, crashed=crashed)
        return Ending(how, text, self._log)

    def _end(self, ending: Ending) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
            self.ended.emit(ending)


def training_program() -> tuple[str, ...]:
    """Return the program that runs training commands, with its first arguments."""
    if not getattr(sys, "frozen", False):
        return sys.executable, str(resource_folder().parent / "main.py"), "train"
    program = Path(sys.executable)
    # On Windows, a windowed program has no standard streams; the console program has.
    console = program.with_name("btgui-console.exe")
    return str(console if os.name == "nt" and console.is_file() else program), "train"


def _without_final_event(code: int, *, crashed: bool) -> tuple[How, str]:
    """Return how a command without a final event ended, and a text for the user."""
    if crashed and code == _KILL_SIGNAL:
        return "killed", (
            "The system ended the process, perhaps because memory ran out. Close other programs "
            "or choose smaller batches; the last checkpoint is kept."
        )
    if crashed and code == _BUS_SIGNAL:
        return "killed", (
            "The system ended the process, perhaps because the disk is full. Free some space; the "
            "last checkpoint is kept."
        )
    return "crashed", (
        f"The process ended unexpectedly ({'signal' if crashed else 'exit status'} {code}). Its "
        f"last checkpoint is kept; the details may say why."
    )


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUTF8", "1")
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment

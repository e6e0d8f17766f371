"""Output of a run: event lines for a program, plain lines of text for a person."""

from __future__ import annotations

import errno
import io
import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import Protocol, TextIO

from btgui.engine.percentages import percent_exactly
from btgui.engine.training_runs.events import (
    DeviceKnown,
    Ended,
    EpochDone,
    Event,
    Message,
    Paused,
    Phase,
    PhaseStarted,
    Progress,
    StepDone,
    to_line,
)
from training.control import Control

_MINUTE, _HOUR = 60, 3600
_TELL_SECONDS = 0.1
_BAR = 12  # characters
_TO_END_OF_LINE = "\x1b[K"
_MEGABYTE = 1e6


class Reporter(Protocol):
    """Receives the events of a run; called with a sentence, it reports an information message."""

    def __call__(self, text: str) -> None:
        """Report a sentence."""

    def emit(self, event: Event) -> None:
        """Report an event."""


class LineReporter:
    """Writes every event as a JSON line.

    Parameters
    ----------
    write
        Receives one line, including its line end, and passes it on at once.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def __call__(self, text: str) -> None:
        """Report a sentence."""
        self.emit(Message("info", text))

    def emit(self, event: Event) -> None:
        """Write an event; once the reader has gone, events are discarded and the run continues."""
        try:
            self._write(to_line(event) + "\n")
        except (OSError, ValueError):
            self._write = lambda _line: None


def event_lines_on_standard_output() -> LineReporter:
    """Return a reporter that is the only writer to the process's standard output.

    From now on, all other output to it, also of libraries below Python, goes to standard error, which is
    in UTF-8, as the window reads it. Asking for this in the environment would not do: the packaged
    application ignores Python's variables.
    """
    for text in (sys.stdout, sys.stderr):
        if isinstance(text, io.TextIOWrapper):
            text.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout.flush()
    own = os.dup(1)
    os.dup2(2, 1)
    stream = os.fdopen(own, "w", encoding="utf-8", buffering=1)
    return LineReporter(stream.write)


def wait_while_paused(control: Control, reporter: Reporter) -> None:
    """Report a pause and wait, if the run is paused, until it may continue or is to stop."""
    if control.paused():
        reporter.emit(Paused())
        control.wait_while_paused()


def begin(
    reporter: Reporter, phase: Phase, total: int, control: Control | None = None
) -> Callable[[int], None]:
    """Report the start of a phase; return a function that takes the number of finished scans.

    The function reports progress at most ten times a second, and always at the end; it raises
    :class:`Cancelled` if the control has received a stop command.
    """
    reporter.emit(PhaseStarted(phase, total))
    reported = 0.0

    def count(done: int) -> None:
        nonlocal reported
        if control is not None:
            control.raise_if_stop_wanted()
        now = time.monotonic()
        if done >= total or now - reported >= _TELL_SECONDS:
            reported = now
            reporter.emit(Progress(phase, done, total))

    return count


class TerminalReporter:
    """Writes for a person: one line per epoch and, on a terminal, a progress line in between."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._moving = False

    def __call__(self, text: str) -> None:
        """Report a sentence."""
        self._line(text)

    def emit(self, event: Event) -> None:
        """Report an event in words, except the end, which the caller reports."""
        if isinstance(event, Message):
            self._line(f"Warning: {event.text}" if event.level == "warning" else event.text)
        elif isinstance(event, DeviceKnown):
            several = f"{event.count} x " if event.count > 1 else ""
            self._line(f"Training on {several}{event.name}.")
        elif isinstance(event, EpochDone):
            best = ", the best so far" if event.best else ""
            self._line(
                f"Epoch {event.epoch} of {event.epochs}: loss {event.loss:.3f}, accuracy "
                f"{percent_exactly(event.accuracy)}; validation loss {event.validation_loss:.3f}, "
                f"accuracy {percent_exactly(event.validation_accuracy)}{best}."
            )
        elif isinstance(event, StepDone):
            self._move(
                f"Epoch {event.epoch}/{event.epochs} {_bar(event.step, event.steps)} "
                f"{event.step}/{event.steps}{_time_left(event.seconds_left)}, loss "
                f"{event.loss:.3f}, acc. {percent_exactly(event.accuracy, 0)}, "
                f"{event.scans_per_second:.0f} scans/s"
            )
        elif isinstance(event, Progress):
            self._move(_progress(event))
        elif not isinstance(event, (PhaseStarted, Paused, Ended)):
            raise TypeError(f"expected an event, received {event!r}")

    def _move(self, text: str) -> None:
        if not self._stream.isatty():
            return
        # A line that reaches the last column would wrap and could not be erased.
        columns = shutil.get_terminal_size().columns - 1
        write_while_read(self._stream, f"\r{text[:columns]}{_TO_END_OF_LINE}")
        self._moving = True

    def take_back(self) -> None:
        """Erase the progress line, so that the next output begins at the start of a line."""
        if self._moving:
            self._moving = False
            write_while_read(self._stream, f"\r{_TO_END_OF_LINE}")

    def _line(self, text: str) -> None:
        self.take_back()
        write_while_read(self._stream, f"{text}\n")


def write_while_read(stream: TextIO, text: str) -> None:
    """Write text at once; after the terminal is closed or the reader has gone, discard it."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        # Otherwise Python would try to write the rest when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_while_read(text: str) -> None:
    """Print text at once; if the reader has gone, as ``head`` does, discard it.

    Characters that the output's encoding lacks, such as those of a class name on Windows, are printed
    as escapes.

    Raises
    ------
    OSError
        The file that standard output is redirected to cannot be written.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(f"{text.encode(encoding, 'backslashreplace').decode(encoding)}\n")
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.EINVAL}:  # the latter on Windows
            raise
        # Otherwise Python would try to write the rest when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _bar(done: int, total: int) -> str:
    full = _BAR * min(done, total) // total if total else 0
    return f"[{'#' * full}{'.' * (_BAR - full)}]"


def _progress(event: Progress) -> str:
    amount = f"{event.done} of {event.total}"
    if event.phase == "downloading":
        amount = f"{event.done / _MEGABYTE:.0f} of {event.total / _MEGABYTE:.0f} MB"
    return f"{event.phase.capitalize()} {_bar(event.done, event.total)} {amount}"


def _time_left(seconds: float) -> str:
    if not seconds > 0:  # unknown, or no time left
        return ""
    if seconds < _HOUR:
        return f", {max(1, round(seconds / _MINUTE))} min left"
    return f", {seconds / _HOUR:.1f} h left"

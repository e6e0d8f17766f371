"""What all commands that report events share: their options, signals and error handling."""

from __future__ import annotations

import argparse
import errno
from collections.abc import Callable
from pathlib import Path

from btgui.engine.errors import BtguiError, Cancelled, RequestError, TrainingError
from btgui.engine.training_runs.events import Ended
from training.control import Control, commands_on_standard_input, obey_lines, obeying_signals
from training.event_output import Reporter, TerminalReporter, event_lines_on_standard_output

_Work = Callable[[argparse.Namespace, Reporter, Control], Path | None]
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def add_telling_to(command: argparse.ArgumentParser) -> None:
    """Add the arguments by which another program starts and controls a command."""
    command.add_argument(
        "--events",
        action="store_true",
        help="write events as JSON lines to standard output and read commands from standard input",
    )
    command.add_argument(
        "--end-with-input",
        action="store_true",
        help="with --events: stop when standard input ends, as when the calling program has ended",
    )


def telling(options: argparse.Namespace, work: _Work, control: Control) -> None:
    """Run a command's work, reporting events or, without ``--events``, plain lines of text.

    Parameters
    ----------
    work
        Does the work and returns the folder of the model that was made, if any.
    control
        Holds the commands received so far.

    Raises
    ------
    BtguiError
        The work raised it; the last event reports it too. A full or read-only disk is reported
        in this way as well.
    """
    work = _explaining_disk_errors(work)
    # The calling program handles the terminal's signals itself.
    led = options.events and options.end_with_input
    with obeying_signals(control, terminal=not led):
        if not options.events:
            terminal = TerminalReporter()
            try:
                work(options, terminal, control)
            finally:
                terminal.take_back()
            return
        reporter = event_lines_on_standard_output()
        obey_lines(control, commands_on_standard_input(), end_is_stop=options.end_with_input)
        try:
            pack = work(options, reporter, control)
        except Cancelled as stopped:
            reporter.emit(Ended("stopped", str(stopped)))
            raise
        except BtguiError as error:
            repeats = isinstance(error, RequestError)
            reporter.emit(Ended("refused" if repeats else "failed", str(error)))
            raise
        except Exception as error:
            reporter.emit(Ended("failed", f"An unexpected error: {error!r}."))
            raise
        reporter.emit(Ended("succeeded", pack="" if pack is None else str(pack)))


def _explaining_disk_errors(work: _Work) -> _Work:
    """Return the work such that a disk that cannot be read or written raises a TrainingError."""

    def explained(options: argparse.Namespace, reporter: Reporter, control: Control) -> Path | None:
        try:
            return work(options, reporter, control)
        except OSError as error:
            if error.errno not in _DISK_ERRORS:
                raise
            raise TrainingError(
                f"{error.filename or 'A file'} cannot be read or written: {error.strerror}. "
                f"Free some space there, or name a place where you have write permission."
            ) from error

    return explained

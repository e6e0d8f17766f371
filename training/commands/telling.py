"""Commands that tell events: what all of them share."""

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
_OF_DISKS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def add_telling_to(command: argparse.ArgumentParser) -> None:
    """Describe the arguments by which another program starts and leads a command."""
    command.add_argument(
        "--events",
        action="store_true",
        help="write JSON lines to standard output and take commands from standard input",
    )
    command.add_argument(
        "--end-with-input",
        action="store_true",
        help="with --events: stop when standard input ends, as when who started it has gone",
    )


def telling(options: argparse.Namespace, work: _Work, control: Control) -> None:
    """Do a command's work, telling events or, without ``--events``, plain lines.

    Parameters
    ----------
    work
        Returns the folder of the model that it made, if it made one.
    control
        What the command has been told already.

    Raises
    ------
    BtguiError
        Whatever the work raises; the last event has said it too. A disk that is full, or may
        not be written to, is one.
    """
    work = _telling_of_disks(work)
    led = options.events and options.end_with_input  # who started it stays, and decides
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


def _telling_of_disks(work: _Work) -> _Work:
    """Return work that says in words where a disk cannot be written or read."""

    def told(options: argparse.Namespace, reporter: Reporter, control: Control) -> Path | None:
        try:
            return work(options, reporter, control)
        except OSError as error:
            if error.errno not in _OF_DISKS:
                raise
            raise TrainingError(
                f"{error.filename or 'A file'} cannot be read or written: {error.strerror}. "
                f"Make room there, or name another place that you may use."
            ) from error

    return told

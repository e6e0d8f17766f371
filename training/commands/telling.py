"""Commands that tell events: what all of them share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.training_events import Ended
from training.control import Control, obey_lines, obeying_signals
from training.reporting import Reporter, TerminalReporter, event_lines_on_standard_output


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


def telling(
    options: argparse.Namespace,
    work: Callable[[Reporter, Control], Path | None],
    control: Control | None = None,
) -> None:
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
        Whatever the work raises; the last event has said it too.
    """
    control = control or Control()
    with obeying_signals(control):
        if not options.events:
            work(TerminalReporter(), control)
            return
        reporter = event_lines_on_standard_output()
        obey_lines(control, sys.stdin, end_is_stop=options.end_with_input)
        try:
            pack = work(reporter, control)
        except Cancelled as stopped:
            reporter.emit(Ended("stopped", str(stopped)))
            raise
        except BtguiError as error:
            reporter.emit(Ended("failed", str(error)))
            raise
        except Exception as error:
            reporter.emit(Ended("failed", f"An unexpected error: {error!r}."))
            raise
        reporter.emit(Ended("succeeded", pack="" if pack is None else str(pack)))

"""The command line: ``python -m training audit|fit|average|calibrate|novelty|evaluate|compare|preview|probe``."""

from __future__ import annotations

import argparse
import os
import sys

from btgui.engine.errors import BtguiError, Cancelled
from training.commands import (
    audit,
    average,
    calibrate,
    compare,
    evaluate,
    fit,
    novelty,
    preview,
    probe,
)
from training.event_output import write_while_read

_STOPPED = 4
_WHAT_FOR = "Check data sets, train models on them, and measure and compare models."
_COMMANDS = (audit, fit, average, calibrate, novelty, evaluate, compare, preview, probe)


def main(arguments: list[str] | None = None, *, program: str = "python -m training") -> int:
    """Run a command and return its exit status.

    0: done. 1: failed, with the reason on standard error. 2: wrong usage. 4: stopped on request; a
    training run can be resumed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    parser = argparse.ArgumentParser(prog=program, description=_WHAT_FOR)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except Cancelled as stopped:
        write_while_read(sys.stderr, f"btgui: {stopped}\n")
        return _STOPPED
    except BtguiError as error:
        write_while_read(sys.stderr, f"btgui: {error}\n")
        return 1
    except KeyboardInterrupt:
        write_while_read(sys.stderr, "btgui: stopped.\n")
        return _STOPPED


if __name__ == "__main__":
    sys.exit(main())

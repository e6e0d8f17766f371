"""The application: its window, and without one ``analyze``, ``series``, ``models``, ``train``, ``--self-test``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from types import FrameType

from btgui.engine.errors import BtguiError


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; return the exit status."""
    from btgui.command_line import parser

    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "analyze":
        from btgui.command_line.analyze import run as analyze

        return analyze(parser.analyze_parser().parse_args(rest))
    if command == "series":
        from btgui.command_line.series import run as series

        return series(parser.series_parser().parse_args(rest))
    if command == "models":
        from btgui.command_line.models import run as models

        return models(parser.models_parser().parse_args(rest))
    if command == "train":
        from training.__main__ import main as train

        return train(rest, program="btgui train")
    options = parser.window_parser().parse_args(arguments)
    if options.self_test:
        from btgui.self_test import run_self_test

        return run_self_test()
    from btgui.app import run_app

    return run_app(options.paths, sample=options.sample, runtime=options.runtime)


# The second comes where a terminal is closed; Windows has none.
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _end(number: int, _frame: FrameType | None) -> None:
    """End as by hand where the system asks: patients' pictures that lie unpacked are removed."""
    for one in _ENDING:  # a shell and its terminal ask both: what is being removed is removed whole
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)  # as shells have it


def _open_closed_streams() -> None:
    """Have a closed input be empty, and what is written to a closed output go nowhere.

    In the order of their numbers, so that no file that is opened later takes the place of one.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


if __name__ == "__main__":
    # In the packaged app a child process starts this very file: it must not open a window.
    multiprocessing.freeze_support()
    for one in _ENDING:
        if signal.getsignal(one) != signal.SIG_IGN:  # as under nohup
            signal.signal(one, _end)
    _open_closed_streams()
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # who was told has heard enough, as `| head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # as shells have it
    except BtguiError as error:  # midway, as where the disk is full that the output goes to
        sys.exit(f"btgui: {error}")
    except KeyboardInterrupt:  # before there is a window that would be closed, or without one
        sys.exit(130)  # as shells have it

"""Entry point: opens the window, or runs ``analyze``, ``series``, ``models``, ``train`` or ``--self-test``."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from types import FrameType

from btgui.engine.errors import BtguiError


def main(arguments: list[str]) -> int:
    """Run the command given by the arguments, or open the window; return the exit status."""
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


# SIGHUP is sent when a terminal is closed; Windows does not have it.
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _end(number: int, _frame: FrameType | None) -> None:
    """Exit in an orderly way on a signal, so that unpacked images of patients are removed."""
    for one in _ENDING:  # a second signal, from the shell or the terminal, must not interrupt this
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)  # the shells' convention


def _open_closed_streams() -> None:
    """Connect closed standard streams to the null device.

    They are opened in the order of their descriptors, so that no file opened later gets one of these.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


if __name__ == "__main__":
    # In the packaged application, child processes start this file, too: they must not open a window.
    multiprocessing.freeze_support()
    for one in _ENDING:
        if signal.getsignal(one) != signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(one, _end)
    _open_closed_streams()
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # the reader of the output, such as `| head`, has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # the shells' convention
    except BtguiError as error:  # during a command, for example if the output's disk is full
        sys.exit(f"btgui: {error}")
    except KeyboardInterrupt:  # without a window, or before there is one to close
        sys.exit(130)  # the shells' convention

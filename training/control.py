"""What a run has been told: by its standard input, or by a signal."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from btgui.engine.errors import Cancelled
from btgui.engine.training_runs.events import Command

_SECONDS_BETWEEN_LOOKS = 0.05
_STOPPING = b"\nStopping, which can take a while; Ctrl+C again ends it at once.\n"


class Control:
    """The last command that holds; safe to tell from any thread or signal handler.

    Parameters
    ----------
    work
        What is controlled, as a sentence begins with it: "The evaluation".
    """

    def __init__(self, work: str = "The work") -> None:
        self._work = work
        # No lock, nor what has one: a signal's handler would wait for the thread it interrupts.
        self._paused = self._stop = self._finish = False

    def tell(self, command: Command) -> None:
        """Take a command; stopping and finishing cannot be taken back."""
        self._stop = self._stop or command is Command.STOP
        self._finish = self._finish or command is Command.FINISH
        self._paused = command is Command.PAUSE

    def paused(self) -> bool:
        """Whether the run is to wait; one that is to stop is not."""
        return self._paused and not self._stop

    def wait_while_paused(self) -> None:
        """Return once the run may go on, or is to end."""
        while self.paused():
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def stop_wanted(self) -> bool:
        """Whether the run is to write a checkpoint and end."""
        return self._stop

    def raise_if_stop_wanted(self) -> None:
        """Raise where the run is to end and has no state to keep yet.

        Raises
        ------
        Cancelled
            It is.
        """
        if self._stop:
            raise Cancelled(
                f"{self._work} was stopped before it was done; nothing was written. Start it again "
                f"when you like."
            )

    def finish_wanted(self) -> bool:
        """Whether the run is to end with its best epoch so far."""
        return self._finish


def commands_on_standard_input() -> Iterator[str]:
    """Return the lines that come on standard input; who else looks there from now on finds it empty.

    Else a library that looks there while it is loaded, as OpenBLAS does on Windows, would wait for
    the thread that reads from there.
    """
    if sys.stdin is None:  # it was closed, and its number may be another file's by now
        return iter(())
    own = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return _lines_of(own)


def _lines_of(number: int) -> Iterator[str]:
    with os.fdopen(number, encoding="utf-8", errors="replace") as stream:
        yield from stream


def obey_lines(
    control: Control, lines: Iterable[str], *, end_is_stop: bool = False
) -> threading.Thread:
    """Take commands from lines, on a thread of their own, until they end; return the thread.

    A line that is no command is passed over. The end of the lines is no command (who
    started the run may have gone, and it goes on), unless ``end_is_stop``.
    """

    def read() -> None:
        with suppress(OSError, ValueError):  # the stream was closed
            for line in lines:
                with suppress(ValueError):
                    control.tell(Command(line.strip()))
        if end_is_stop:
            control.tell(Command.STOP)

    thread = threading.Thread(target=read, name="commands", daemon=True)
    thread.start()
    return thread


@contextmanager
def obeying_signals(control: Control, *, terminal: bool = True) -> Iterator[None]:
    """Let Ctrl+C and a request to end stop the run cleanly; a second one ends it at once.

    A terminal that is closed asks too, unless that is to be ignored, as under nohup.

    Parameters
    ----------
    terminal
        Whether what the terminal says is for this process; else it is for who started it, whom
        it reaches as well.
    """

    def stop(number: int, _frame: Any) -> None:  # noqa: ANN401  (the handler's signature)
        control.tell(Command.STOP)
        signal.signal(number, signal.SIG_DFL)
        if number == signal.SIGINT:
            with suppress(OSError):  # a stream of Python's may be at work just now
                os.write(2, _STOPPING)

    def stop_without_terminal(number: int, _frame: Any) -> None:  # noqa: ANN401
        control.tell(Command.STOP)
        signal.signal(number, signal.SIG_IGN)  # the shell says the same once more

    handlers: dict[signal.Signals, Any] = {
        signal.SIGTERM: stop,
        signal.SIGINT: stop if terminal else signal.SIG_IGN,
    }
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) != signal.SIG_IGN:
        handlers[hang_up] = stop_without_terminal if terminal else signal.SIG_IGN
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

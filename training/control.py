"""Commands to a run, received on its standard input or as signals."""

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
_STOPPING = b"\nStopping, which can take a while; press Ctrl+C again to end at once.\n"


class Control:
    """The commands received by a run; safe to use from any thread or signal handler.

    Parameters
    ----------
    work
        Name of the work, as the beginning of a sentence: "The evaluation".
    """

    def __init__(self, work: str = "The work") -> None:
        self._work = work
        # No lock, nor anything with one: a signal handler would wait for the thread it interrupts.
        self._paused = self._stop = self._finish = False

    def tell(self, command: Command) -> None:
        """Receive a command; stop and finish cannot be revoked."""
        self._stop = self._stop or command is Command.STOP
        self._finish = self._finish or command is Command.FINISH
        self._paused = command is Command.PAUSE

    def paused(self) -> bool:
        """Whether the run is to wait; never true once it is to stop."""
        return self._paused and not self._stop

    def wait_while_paused(self) -> None:
        """Wait until the run may continue or is to stop."""
        while self.paused():
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def stop_wanted(self) -> bool:
        """Whether the run is to save a checkpoint and end."""
        return self._stop

    def raise_if_stop_wanted(self) -> None:
        """Stop work that has no state to save yet, if a stop command has been received.

        Raises
        ------
        Cancelled
            The run is to stop.
        """
        if self._stop:
            raise Cancelled(
                f"{self._work} was stopped before it was finished; nothing was written. Start it "
                f"again at any time."
            )

    def finish_wanted(self) -> bool:
        """Whether the run is to end and save its best epoch so far."""
        return self._finish


def commands_on_standard_input() -> Iterator[str]:
    """Return the lines of standard input, which appears empty to all other readers from now on.

    Otherwise a library that accesses standard input while being loaded, as OpenBLAS does on Windows,
    would wait for the thread that reads it.
    """
    if sys.stdin is None:  # closed; its descriptor may belong to another file by now
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
    """Start a thread that passes commands from lines to the control until they end; return the thread.

    Lines that are no commands are ignored. The end of the lines stops the run only with
    ``end_is_stop``; otherwise the run continues, even if the calling program has ended.
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
    """Make SIGINT (Ctrl+C) and SIGTERM stop the run cleanly; a second signal ends it at once.

    Closing the terminal (SIGHUP) stops it too. A signal that is ignored stays so: nohup ignores SIGHUP,
    and a shell script SIGINT for what it starts in the background.

    Parameters
    ----------
    terminal
        Whether to obey the terminal's signals; otherwise they are left to the calling program, which
        receives them too.
    """

    def stop(number: int, _frame: Any) -> None:  # noqa: ANN401  (the handler's signature)
        control.tell(Command.STOP)
        signal.signal(number, signal.SIG_DFL)
        if number == signal.SIGINT:
            with suppress(OSError):  # os.write, as one of Python's streams may be in use just now
                os.write(2, _STOPPING)

    def stop_without_terminal(number: int, _frame: Any) -> None:  # noqa: ANN401
        control.tell(Command.STOP)
        signal.signal(number, signal.SIG_IGN)  # the shell sends the signal once more

    handlers: dict[signal.Signals, Any] = {
        signal.SIGTERM: stop,
        signal.SIGINT: stop if terminal else signal.SIG_IGN,
    }
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None:
        handlers[hang_up] = stop_without_terminal if terminal else signal.SIG_IGN
    before = {
        number: signal.signal(number, handler)
        for number, handler in handlers.items()
        if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

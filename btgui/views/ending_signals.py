"""Closes the window on Ctrl+C in the terminal, when the terminal ends or the system requests it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
_MOST_BYTES = 64  # one byte per signal; all pending signals are handled at once


@contextmanager
def closed_by_signals(window: QWidget) -> Iterator[None]:
    """Close the window on SIGINT, SIGTERM or SIGHUP; the window may ask first, and stay open.

    Python runs signal handlers between two bytecode instructions, of which there are none while
    Qt waits for events. Each signal is therefore also written to a socket that Qt watches.
    """
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(_Closing(window, ours))
    handled = [one for one in _SIGNALS if signal.getsignal(one) != signal.SIG_IGN]  # under nohup
    before = {one: signal.signal(one, _nothing) for one in handled}
    woken = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(woken)
        for one, handler in before.items():
            signal.signal(one, handler)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the signal is acted on once the socket has woken Qt."""


class _Closing:
    """Closes the window once, however many signals arrive while the window asks."""

    def __init__(self, window: QWidget, source: socket.socket) -> None:
        self._window, self._source = window, source
        self._asking = False

    def __call__(self, *_: object) -> None:
        self._source.recv(_MOST_BYTES)
        if self._asking:
            return
        self._asking = True
        try:
            self._window.close()
        finally:
            self._asking = False

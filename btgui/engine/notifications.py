"""Messages to the user: any code may send them; the window or the terminal shows them."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Notification:
    """A message: a sentence for the user, and technical details for troubleshooting."""

    level: Level
    text: str
    details: str = ""


Listener = Callable[[Notification], None]
_listeners: list[Listener] = []
_lock = threading.Lock()


def subscribe(listener: Listener) -> Callable[[], None]:
    """Call ``listener`` (on the sender's thread) for every message; return a function to unsubscribe."""
    with _lock:
        _listeners.append(listener)

    def unsubscribe() -> None:
        with _lock:
            if listener in _listeners:
                _listeners.remove(listener)

    return unsubscribe


def notify(notification: Notification) -> None:
    """Send a message to all listeners; without any, write it to standard error."""
    with _lock:
        listeners = list(_listeners)
    if not listeners and sys.stderr is not None:  # a windowed program may have none
        sys.stderr.write(f"btgui: {notification.text}\n{notification.details}")
    for listener in listeners:
        listener(notification)


def mention(text: str) -> None:
    """Send a passing message; "" withdraws the one before."""
    notify(Notification("info", text))


def notify_exception(error: BaseException, text: str = "An unexpected error occurred.") -> None:
    """Send an unexpected error as a message with its traceback as details."""
    details = "".join(traceback.format_exception(error))
    notify(Notification("error", text, details))


def install_exception_hooks() -> None:
    """Send uncaught exceptions of any thread as messages, so that the application keeps running."""

    def on_main(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            notify_exception(error)

    def on_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            notify_exception(arguments.exc_value)

    sys.excepthook = on_main
    threading.excepthook = on_thread

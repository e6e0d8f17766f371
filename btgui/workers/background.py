"""Calls on a background thread, one at a time, whose result is delivered by a signal."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import notify_exception

Stopped = Callable[[], bool]
_CLOSING_SECONDS = 10.0  # for the work to notice that it is cancelled, or to finish


class Background(QObject):
    """Runs functions on a thread; newer work replaces older work.

    Signals
    -------
    succeeded(object)
        The newest work is done, with its return value.
    failed(str)
        The newest work failed, with a sentence for the user.
    """

    succeeded = Signal(object)
    failed = Signal(str)
    _ended = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = _Line()
        self._newest: _Call | None = None
        self._ended.connect(self._deliver)

    def start(self, work: Callable[[Stopped], Any]) -> None:
        """Call ``work`` on the thread, in place of any earlier work.

        ``work`` receives a function that tells whether it has been cancelled; long work should
        call it now and then. A :class:`~btgui.engine.errors.BtguiError` raised by ``work`` is
        reported by ``failed``; any other exception is also sent as a notification.
        """
        self.cancel()
        self._newest = _Call(work, self._ended)
        self._line.do(self._newest)

    def cancel(self) -> None:
        """Cancel the work; no signal is emitted for it."""
        if self._newest is not None:
            self._newest.stop()
        self._newest = None
        self._line.clear()

    def is_busy(self) -> bool:
        """Whether a result is pending."""
        return self._newest is not None

    def close(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Cancel the work and wait until the thread has ended, at most ``seconds``.

        A thread that waits for an unresponsive drive is left behind: it does not keep the
        program from ending, and no signal is emitted for its work.
        """
        self.cancel()
        self._line.wait(seconds)

    def finish(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Wait until the work is done, at most ``seconds``, and deliver its result."""
        self._line.wait(seconds)
        QCoreApplication.sendPostedEvents(self)

    @Slot(object, object, str)
    def _deliver(self, call: object, result: object, problem: str) -> None:
        if call is not self._newest:
            return
        self._newest = None
        if problem:
            self.failed.emit(problem)
        else:
            self.succeeded.emit(result)


class _Call:
    """A piece of work, its cancellation flag, and the signal to emit at its end."""

    def __init__(self, work: Callable[[Stopped], Any], ended: Any) -> None:  # noqa: ANN401  (a bound signal)
        self._work, self._ended = work, ended
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def do(self) -> None:
        result, problem = None, ""
        try:
            result = self._work(self._stopped.is_set)
        except Cancelled:
            return
        except BtguiError as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001  (shown to the user with its traceback)
            notify_exception(error)
            problem = f"An unexpected error occurred: {error!r}."
        if not self._stopped.is_set():
            with contextlib.suppress(RuntimeError):  # the receiver was deleted meanwhile
                self._ended.emit(self, result, problem)


class _Line:
    """Runs calls one after the other on a thread; of waiting calls, only the newest is kept.

    This is not a QThreadPool, because a pool would keep the program alive until its thread ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: _Call | None = None
        self._thread: threading.Thread | None = None

    def do(self, call: _Call) -> None:
        with self._lock:
            self._next = call
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._work_off, name="btgui-background", daemon=True
                )
                self._thread.start()

    def clear(self) -> None:
        with self._lock:
            self._next = None

    def wait(self, seconds: float) -> None:
        thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _work_off(self) -> None:
        while True:
            with self._lock:
                call, self._next = self._next, None
                if call is None:
                    self._thread = None
                    return
            call.do()

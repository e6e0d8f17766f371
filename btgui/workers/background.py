"""One call at a time on a thread away from the window, whose result comes back as a signal."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import notify_exception

Stopped = Callable[[], bool]
_CLOSING_SECONDS = 10.0  # that work has to notice that it is not wanted, or to end as it is


class Background(QObject):
    """Does work on a thread; newer work makes older work stale.

    Signals
    -------
    succeeded(object)
        The newest work is done, with what it returned.
    failed(str)
        It could not be done: a sentence for the user.
    """

    succeeded = Signal(object)
    failed = Signal(str)
    _ended = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line = _Line()
        self._newest: _Call | None = None
        self._ended.connect(self._tell)

    def start(self, work: Callable[[Stopped], Any]) -> None:
        """Call ``work`` on a thread, in place of what was asked for before.

        ``work`` is given a function that says whether its result is still wanted; where it
        takes long it asks now and then. A :class:`~btgui.engine.errors.BtguiError` that it
        raises is told by ``failed``; anything else goes to the user as unexpected too.
        """
        self.cancel()
        self._newest = _Call(work, self._ended)
        self._line.do(self._newest)

    def cancel(self) -> None:
        """Want the result no more; nothing is told of it."""
        if self._newest is not None:
            self._newest.stop()
        self._newest = None
        self._line.clear()

    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._newest is not None

    def close(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Stop, and wait until the thread has ended, but no longer than a while.

        A thread that waits for a drive without an answer is left behind: it does not keep the
        program from ending, and nothing is told of what it does.
        """
        self.cancel()
        self._line.wait(seconds)

    def finish(self, seconds: float = _CLOSING_SECONDS) -> None:
        """Wait until the work is done, but no longer than a while, and tell what came of it."""
        self._line.wait(seconds)
        QCoreApplication.sendPostedEvents(self)

    @Slot(object, object, str)
    def _tell(self, call: object, result: object, problem: str) -> None:
        if call is not self._newest:
            return
        self._newest = None
        if problem:
            self.failed.emit(problem)
        else:
            self.succeeded.emit(result)


class _Call:
    """A piece of work, whether it is still wanted, and the signal that tells its end."""

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
            problem = f"Something unexpected went wrong: {error!r}."
        if not self._stopped.is_set():
            with contextlib.suppress(RuntimeError):  # who asked for it was deleted meanwhile
                self._ended.emit(self, result, problem)


class _Line:
    """Calls done one after the other on a thread; of those that wait, only the newest.

    Not a pool of Qt's: that one would keep the program until its thread has ended.
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

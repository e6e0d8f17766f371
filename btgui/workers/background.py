"""One call at a time on a thread away from the window, whose result comes back as a signal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import notify_exception

Stopped = Callable[[], bool]


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
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
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
        self._pool.start(_Job(self._newest))

    def cancel(self) -> None:
        """Want the result no more; nothing is told of it."""
        if self._newest is not None:
            self._newest.stop()
        self._newest = None
        self._pool.clear()

    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._newest is not None

    def close(self) -> None:
        """Stop, and wait until the thread has ended."""
        self.cancel()
        self._pool.waitForDone()

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
            self._ended.emit(self, result, problem)


class _Job(QRunnable):
    """What the pool owns and deletes; the call itself outlives it."""

    def __init__(self, call: _Call) -> None:
        super().__init__()
        self._call = call

    def run(self) -> None:
        self._call.do()

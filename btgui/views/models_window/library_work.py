"""What takes long with models (hashing and copying hundreds of megabytes), away from the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from btgui.workers.background import Background

_MOMENT_SECONDS = 2.0  # that a window which closes waits before it asks


@dataclass(frozen=True)
class _Task:
    doing: str
    work: Callable[[], Any]
    on_success: Callable[[Any], None]
    on_failure: Callable[[str], None]


class LibraryWork(QObject):
    """Does one thing after the other on a thread.

    Signals
    -------
    changed()
        Something begins or has ended: what :meth:`doing` says is another thing.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: deque[_Task] = deque()
        self._has_failed = False
        self._background = Background(self)
        self._background.succeeded.connect(
            lambda result: self._end(lambda task: task.on_success(result))
        )
        self._background.failed.connect(self._fail)

    def do(
        self,
        doing: str,
        work: Callable[[], Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[str], None],
    ) -> None:
        """Call ``work`` on the thread when all before it is done.

        Its result is given to ``on_success``, or a sentence for the user to ``on_failure``,
        on the window's thread; ``doing`` says meanwhile what goes on.
        """
        self._tasks.append(_Task(doing, work, on_success, on_failure))
        self._begin()

    def doing(self) -> str:
        """Return what goes on, "" where nothing does."""
        return self._tasks[0].doing if self._tasks else ""

    def finish(self) -> bool:
        """Wait a moment for what goes on; return whether it has not failed meanwhile."""
        self._has_failed = False
        self._background.finish(_MOMENT_SECONDS)
        return not self._has_failed

    def close(self) -> None:
        """Begin nothing more, and wait for what goes on, but no longer than a while."""
        self._tasks.clear()
        self._background.close()

    def _begin(self) -> None:
        if self._tasks and not self._background.is_busy():
            work = self._tasks[0].work
            self._background.start(lambda _stopped: work())
        self.changed.emit()

    def _fail(self, problem: str) -> None:
        self._has_failed = True
        self._end(lambda task: task.on_failure(problem))

    def _end(self, tell: Callable[[_Task], None]) -> None:
        tell(self._tasks.popleft())
        self._begin()

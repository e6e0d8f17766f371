"""Slow work on models (hashing and copying hundreds of megabytes) on a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from btgui.workers.background import Background

_MOMENT_SECONDS = 2.0  # that a closing window waits before it asks the user


@dataclass(frozen=True)
class _Task:
    doing: str
    work: Callable[[], Any]
    on_success: Callable[[Any], None]
    on_failure: Callable[[str], None]


class LibraryWork(QObject):
    """Runs tasks one after the other on a thread.

    Signals
    -------
    changed()
        A task begins or has ended: the return value of :meth:`doing` may have changed.
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
        """Call ``work`` on the thread after all earlier tasks.

        Then ``on_success`` is called with its result, or ``on_failure`` with a sentence for the
        user, both on the GUI thread; ``doing`` describes the task in progress.
        """
        self._tasks.append(_Task(doing, work, on_success, on_failure))
        self._begin()

    def doing(self) -> str:
        """Return the description of the task in progress, or "" if there is none."""
        return self._tasks[0].doing if self._tasks else ""

    def finish(self) -> bool:
        """Wait a moment for the task in progress; return whether none has failed meanwhile."""
        self._has_failed = False
        self._background.finish(_MOMENT_SECONDS)
        return not self._has_failed

    def close(self) -> None:
        """Drop waiting tasks, and wait for the one in progress, for a limited time."""
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

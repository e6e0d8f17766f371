"""Many pictures through the model, a small batch at a time, between other work of a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Slot

from btgui.engine.errors import BtguiError, Cancelled
from btgui.engine.notifications import Notification, notify, notify_exception
from btgui.engine.results import Reading

Outcome = Reading | BtguiError


class Reader(Protocol):
    """What reads files in batches: an analyser, or the network's process."""

    def readings(self, places: Sequence[Any], /, *, as_series: bool = False) -> Any:  # noqa: ANN401  (a generator)
        """Yield lists of (place, outcome) in the order of the places."""


class BatchedRun:
    """Pictures being read: where it stands."""

    def __init__(
        self, number: int, reader: Reader, places: Sequence[Any], *, as_series: bool
    ) -> None:
        self.number = number
        self.total = len(places)
        self.read = 0
        self.failed = 0
        self.batches: Any = reader.readings(places, as_series=as_series)
        self._first: tuple[int, float] | None = None  # how many a first batch had, and its end

    @property
    def done(self) -> int:
        """How many were read or failed."""
        return self.read + self.failed

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Count a batch more."""
        for outcome in outcomes:
            if isinstance(outcome, Reading):
                self.read += 1
            else:
                self.failed += 1
        if self._first is None:
            self._first = self.done, time.monotonic()

    def seconds_left(self) -> float:
        """Return the time that the rest will take; negative where it is not known yet.

        The first batch tells nothing of it: for that, the network is compiled.
        """
        done, at = self._first or (0, 0.0)
        if self.done == done:
            return -1.0
        return (time.monotonic() - at) / (self.done - done) * (self.total - self.done)


class BatchReader(QObject):
    """Drives one run at a time on the thread that it lives on.

    Parameters
    ----------
    is_wanted
        Whether the run with this number is still wanted; asked before every batch.
    on_batch
        Called with the run and each batch's places with what came of them, in order; the
        run has counted them.
    on_end
        Called with the run and whether it was stopped before its end.
    """

    def __init__(
        self,
        is_wanted: Callable[[int], bool],
        on_batch: Callable[[BatchedRun, list[tuple[Any, Outcome]]], None],
        on_end: Callable[[BatchedRun, bool], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._is_wanted = is_wanted
        self._on_batch, self._on_end = on_batch, on_end
        self._run: BatchedRun | None = None
        # Back to the event loop between batches: an opened scan goes first.
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next_batch)

    def start(
        self, number: int, reader: Reader, places: Sequence[Any], *, as_series: bool = False
    ) -> None:
        """Begin a run in place of the one before; slices of one series may share a window."""
        self.stop()
        self._run = BatchedRun(number, reader, places, as_series=as_series)
        self._next_batch()

    def stop(self) -> None:
        """End the run; nothing more is told of it."""
        self._timer.stop()
        if self._run is not None:
            self._run.batches.close()
            self._run = None

    @Slot()
    def _next_batch(self) -> None:
        run = self._run
        if run is None:
            return
        batch, ended = None, False
        try:
            if self._is_wanted(run.number):
                batch = next(run.batches, None)
                ended = batch is None
        except Cancelled:
            pass
        except BtguiError as error:
            notify(Notification("error", str(error)))
        except Exception as error:  # noqa: BLE001  (the user must hear of it)
            notify_exception(error, "Reading stopped unexpectedly.")
        if batch is None:
            self.stop()
            self._on_end(run, not ended)
            return
        run.count(outcome for _, outcome in batch)
        self._on_batch(run, batch)
        self._timer.start()

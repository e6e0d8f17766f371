"""Reading many scans in small batches, between other work of a thread."""

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
    """A reader of files in batches: an analyser, or the network's process."""

    def readings(self, places: Sequence[Any], /, *, as_series: bool = False) -> Any:  # noqa: ANN401  (a generator)
        """Yield lists of (place, outcome) in the order of the places."""


class BatchedRun:
    """The progress of a run, which reads a list of scans."""

    def __init__(
        self, number: int, reader: Reader, places: Sequence[Any], *, as_series: bool
    ) -> None:
        self.number = number
        self.total = len(places)
        self.read = 0
        self.failed = 0
        self.batches: Any = reader.readings(places, as_series=as_series)
        self._first: tuple[int, float] | None = None  # the first batch's size and end time

    @property
    def done(self) -> int:
        """The number of scans that were read or failed."""
        return self.read + self.failed

    def count(self, outcomes: Iterable[Outcome]) -> None:
        """Count the outcomes of a batch."""
        for outcome in outcomes:
            if isinstance(outcome, Reading):
                self.read += 1
            else:
                self.failed += 1
        if self._first is None:
            self._first = self.done, time.monotonic()

    def seconds_left(self) -> float:
        """Return the estimated time that the rest will take; negative if not known yet.

        The first batch does not count, because it includes compiling the network.
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
        Whether the run with this number is still wanted; called before every batch.
    on_batch
        Called with the run and each batch's places and outcomes, in order; the run has
        already counted them.
    on_end
        Called with the run, and whether it was stopped early.
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
        # Control returns to the event loop between batches, so that an opened scan goes first.
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next_batch)

    def start(
        self, number: int, reader: Reader, places: Sequence[Any], *, as_series: bool = False
    ) -> None:
        """Begin a run in place of an earlier one; ``as_series``: the slices may share a window."""
        self.stop()
        self._run = BatchedRun(number, reader, places, as_series=as_series)
        self._next_batch()

    def stop(self) -> None:
        """Stop the run without any further calls for it."""
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

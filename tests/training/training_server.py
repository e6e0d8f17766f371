"""A server that starts training processes quickly, as forks of a process with TensorFlow imported.

Run it as a program. Each line of its standard input is a JSON object with the ``arguments`` of
``python -m training`` and the ``death`` of the process that runs them (or null). The output of that
process is passed on, between its process id and its exit status.
"""

import contextlib
import json
import os
import signal
import sys
import threading
from collections import Counter

from btgui.engine.training_runs.events import EpochDone, PhaseStarted, StepDone
from tests.training.conftest import train_with_tiny

WITHIN, AFTER = "within an epoch", "after an epoch"
_OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}


class Watch:
    """Counts the file operations of each part of a run, and kills the process at one of them.

    Parameters
    ----------
    place
        Folder; only operations on files in it count.
    part, operation, delay
        The process kills itself ``delay`` seconds before the given operation (from 1) of the part
        would be done or, for operation 0, after the part began. With part "" it is never killed.
    counts
        File for the counts, written when the run ends.
    """

    def __init__(
        self, place: str, part: str = "", operation: int = 0, delay: float = 0, counts: str = ""
    ) -> None:
        self._place, self._counts_file = place, counts
        self._part, self._operation, self._delay = part, operation, delay
        self._now = ""
        self._counts: Counter[str] = Counter()

    def begin(self) -> None:
        """Start watching."""
        from training.event_output import LineReporter

        emit = LineReporter.emit

        def noted(reporter, event):
            emit(reporter, event)
            self._enter(_part_after(event, self._now))

        LineReporter.emit = noted
        sys.addaudithook(self._hear)

    def end(self) -> None:
        """Write the counts."""
        self._now = ""
        if self._counts_file:
            with open(self._counts_file, "w", encoding="utf-8") as stream:  # noqa: PTH123
                json.dump(self._counts, stream)

    def _enter(self, part: str) -> None:
        self._now, before = part, self._now
        if part == self._part != before and self._operation == 0:
            self._die()

    def _hear(self, name: str, arguments: tuple) -> None:
        if not (self._now and name in _OPERATIONS and str(arguments[0]).startswith(self._place)):
            return
        self._counts[self._now] += 1
        if self._now == self._part and self._counts[self._now] == self._operation:
            self._die()

    def _die(self) -> None:
        if self._delay:
            threading.Timer(self._delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        else:
            os.kill(os.getpid(), signal.SIGKILL)


def _part_after(event, part: str) -> str:
    """Return the part of the run that follows an event."""
    if isinstance(event, PhaseStarted):
        return WITHIN if event.phase == "fitting" else event.phase
    if isinstance(event, StepDone) and event.step == event.steps:
        return AFTER
    return WITHIN if isinstance(event, EpochDone) else part


def carry_out(arguments: list[str], watch: dict | None) -> int:
    """Run a training command until it ends or is killed; return the exit status."""
    import training.fitting.loop

    training.fitting.loop._SECONDS_BETWEEN_EVENTS = 0.0  # every step is told
    if watch is None:
        return train_with_tiny(arguments)
    watching = Watch(**watch)
    watching.begin()
    status = train_with_tiny(arguments)
    watching.end()
    return status


def tell(**values: int) -> None:
    """Write a line that is not an event."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def serve() -> None:
    """Carry out requests one after the other until standard input ends."""
    # All that a run imports, but nothing may compute yet: TensorFlow's threads do not survive.
    import scipy.optimize  # noqa: F401
    import tensorflow as tf  # noqa: F401

    import training.fitting.run  # noqa: F401

    while line := sys.stdin.readline():
        asked = json.loads(line)
        child = os.fork()
        if not child:
            status = 1
            with contextlib.suppress(SystemExit):
                status = carry_out(asked["arguments"], asked["watch"])
            sys.stdout.flush()
            os._exit(status)
        tell(process=child)
        _, ended = os.waitpid(child, 0)
        tell(status=os.waitstatus_to_exitcode(ended))


if __name__ == "__main__":
    serve()

"""The protocol of training runs: events as JSON lines out, commands as single words in.

The run writes one event per line to its standard output: a JSON object with ``protocol``
(this module's version), ``kind`` and the event's own values. A reader of the same
protocol ignores unknown kinds. Commands are single lines on the run's standard input.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Literal, get_args

PROTOCOL = 1

Phase = Literal[
    "reading",
    "downloading",
    "comparing",
    "preprocessing",
    "fitting",
    "measuring",
    "saving",
    "reporting",
]
End = Literal["succeeded", "failed", "refused", "stopped"]


class Command(StrEnum):
    """A command to a run: one line on its standard input."""

    PAUSE = "pause"  # pause at the next step
    CONTINUE = "continue"
    FINISH = "finish"  # end after this epoch and keep the best epoch
    STOP = "stop"  # write a checkpoint at the next step and end


@dataclass(frozen=True)
class PhaseStarted:
    """A new phase of the run has started; ``total`` is its number of scans, 0 if unknown.

    While downloading, the totals here and in :class:`Progress` are in bytes.
    """

    kind: ClassVar = "phase"
    phase: Phase
    total: int = 0


@dataclass(frozen=True)
class Progress:
    """The number of scans of a phase that are done, of the total."""

    kind: ClassVar = "progress"
    phase: Phase
    done: int
    total: int


@dataclass(frozen=True)
class DeviceKnown:
    """The device that the network is trained on; ``device_kind`` is "gpu" or "cpu"."""

    kind: ClassVar = "device"
    device_kind: str
    name: str
    count: int = 1


@dataclass(frozen=True)
class StepDone:
    """A training step is done; epochs and steps count from 1, loss and accuracy are the epoch's so far.

    ``seconds_left`` is for all remaining epochs; negative if not known yet.
    """

    kind: ClassVar = "step"
    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    scans_per_second: float
    seconds_left: float
    memory_mib: int

    @property
    def share_done(self) -> float:
        """The fraction of all epochs that is done, 0 to 1."""
        return (self.epoch - 1 + self.step / self.steps) / self.epochs


@dataclass(frozen=True)
class Paused:
    """The run is paused, as requested; any following event means that it has continued."""

    kind: ClassVar = "paused"


@dataclass(frozen=True)
class EpochDone:
    """An epoch ended; ``best`` means that it has the smallest validation loss so far."""

    kind: ClassVar = "epoch"
    epoch: int
    epochs: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    best: bool


@dataclass(frozen=True)
class Message:
    """A message to the user; ``level`` is "info" or "warning"."""

    kind: ClassVar = "message"
    level: str
    text: str


@dataclass(frozen=True)
class Ended:
    """The last event: how the run ended, why, and the folder of the new model, if any.

    A run that was "refused" would fail again whenever it is resumed.
    """

    kind: ClassVar = "ended"
    how: End
    reason: str = ""
    pack: str = ""


Event = PhaseStarted | Progress | DeviceKnown | StepDone | Paused | EpochDone | Message | Ended
_KINDS: dict[str, type[Any]] = {event.kind: event for event in get_args(Event)}
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "Phase": (str,),
    "End": (str,),
}


def to_line(event: Event) -> str:
    """Return an event as one line of JSON in ASCII, without a line break.

    Numbers that are not finite (a loss of NaN) become null, as JSON cannot represent them.
    """
    values = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(event).items()
    }
    return json.dumps({"protocol": PROTOCOL, "kind": event.kind} | values)


def from_line(line: str) -> Event | None:
    """Read a line as written by :func:`to_line`; return None for an unknown kind of event.

    Raises
    ------
    ValueError
        The line is not an event, or one of another protocol.
    """
    try:
        values = json.loads(line)
    except ValueError as error:
        raise ValueError(f"expected a line of JSON, received {line[:80]!r}") from error
    if not isinstance(values, dict) or values.get("protocol") != PROTOCOL:
        raise ValueError(f"expected an event of protocol {PROTOCOL}, received {line[:80]!r}")
    known = _KINDS.get(str(values.get("kind")))
    if known is None:
        return None
    read: dict[str, Any] = {}
    for field in fields(known):
        if field.name not in values:
            continue  # the field has a default, or the event is refused below
        value = values[field.name]
        if value is None and field.type == "float":
            value = math.nan
        if not isinstance(value, _TYPES[str(field.type)]):
            problem = f"expected {field.name} to be {field.type}, received {value!r}"
            raise ValueError(problem)  # noqa: TRY004  (the line is wrong, not the call)
        read[field.name] = value
    try:
        event: Event = known(**read)
    except TypeError as error:
        raise ValueError(
            f"expected a complete {known.kind} event, received {line[:80]!r}"
        ) from error
    return event

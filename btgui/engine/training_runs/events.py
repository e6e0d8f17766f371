"""What a training run says and what it can be told: JSON lines out, words in.

The run writes one event a line to its standard output: a JSON object with ``protocol``
(this module's version), ``kind`` and the event's own values. A reader of the same
protocol passes over kinds that it does not know. Commands are single lines on the run's
standard input.
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
    """What a run can be told: one line of its standard input."""

    PAUSE = "pause"  # wait at the next step
    CONTINUE = "continue"
    FINISH = "finish"  # end after this epoch and keep the best one
    STOP = "stop"  # write a checkpoint at the next step and end


@dataclass(frozen=True)
class PhaseStarted:
    """The run began something else; ``total`` is how many scans it concerns, 0 where unknown.

    While downloading it is bytes, and so it is in :class:`Progress`.
    """

    kind: ClassVar = "phase"
    phase: Phase
    total: int = 0


@dataclass(frozen=True)
class Progress:
    """So many of a phase's scans are done."""

    kind: ClassVar = "progress"
    phase: Phase
    done: int
    total: int


@dataclass(frozen=True)
class DeviceKnown:
    """What the network is trained on; ``device_kind`` is "gpu" or "cpu"."""

    kind: ClassVar = "device"
    device_kind: str
    name: str
    count: int = 1


@dataclass(frozen=True)
class StepDone:
    """A step of fitting: epochs and steps count from 1; figures are the epoch's so far.

    ``seconds_left`` is of the whole fit, negative where not known yet.
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
        """How much of the whole fit is done, 0 to 1."""
        return (self.epoch - 1 + self.step / self.steps) / self.epochs


@dataclass(frozen=True)
class Paused:
    """The run stands still, as it was told to; whatever comes next says that it goes on."""

    kind: ClassVar = "paused"


@dataclass(frozen=True)
class EpochDone:
    """An epoch ended; ``best`` where it has the smallest validation loss so far."""

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
    """Something a person should know; ``level`` is "info" or "warning"."""

    kind: ClassVar = "message"
    level: str
    text: str


@dataclass(frozen=True)
class Ended:
    """The last event: how the run ended, why, and the folder of the model it made, if any.

    A run that is "refused" would end so again, however often it is gone on with.
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
    """Return an event as one line of JSON in ASCII, without its end of line.

    Numbers that are none (a loss of NaN) become null, as JSON has no word for them.
    """
    values = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in asdict(event).items()
    }
    return json.dumps({"protocol": PROTOCOL, "kind": event.kind} | values)


def from_line(line: str) -> Event | None:
    """Read a line as written by :func:`to_line`; None for a kind that is not known.

    Raises
    ------
    ValueError
        The line is no event, or one of another protocol.
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
            continue  # its default, or refused below
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

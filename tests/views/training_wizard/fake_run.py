"""Small programs that emit a run's events, in place of a training that takes minutes."""

import sys

from btgui.engine.training_runs.events import (
    DeviceKnown,
    Ended,
    EpochDone,
    PhaseStarted,
    StepDone,
    to_line,
)
from btgui.workers.training_process import TrainingProcess

START = (
    PhaseStarted("fitting", 20),
    DeviceKnown("cpu", "A processor"),
    StepDone(1, 4, 5, 10, 0.9, 0.4, 12.5, 300.0, 1536),
    EpochDone(1, 4, 0.8, 0.5, 0.7, 0.6, best=True),
    StepDone(2, 4, 5, 10, 0.6, 0.7, 12.5, 150.0, 1536),
)


def process_of(program: str) -> TrainingProcess:
    """Return a process that runs this program, whatever its arguments."""
    return TrainingProcess(program=(sys.executable, "-u", "-c", program))


def telling(*events, then: str = "") -> str:
    """Return a program that emits events and then runs the code ``then``."""
    lines = [f"print({to_line(event)!r})" for event in events]
    return "\n".join(["import os, sys, time", *lines, then])


def succeeding(*events) -> str:
    """Return a program that emits events, writes a model's card to the output, and succeeds."""
    return telling(
        *events,
        then=(
            "import json, pathlib\n"
            "asked = json.load(open(sys.argv[sys.argv.index('--request') + 1]))\n"
            "pack = pathlib.Path(asked['output'])\n"
            "pack.mkdir(); (pack / 'card.json').touch()\n"
            f"print({to_line(Ended('succeeded', pack='x'))!r})\n"
        ),
    )


OBEYING = telling(
    *START,
    then=(
        "for line in sys.stdin:\n"
        "    print('heard ' + line.strip(), file=sys.stderr)\n"
        "    if line.strip() == 'stop':\n"
        f"        print({to_line(Ended('stopped', 'Resume by --resume.'))!r})\n"
        "        sys.exit(4)\n"
    ),
)

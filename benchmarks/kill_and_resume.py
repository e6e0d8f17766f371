"""Kills a training run in every part of it, at random moments, several times over.

Usage: python -m benchmarks.kill_and_resume DATASET [--times 10] [--epochs 4] [--seed 0]

Trains MobileNetV2 from scratch on a folder of class folders. Each run is killed while it
compares scans, preprocesses them, within an epoch, after one (while it validates and keeps its
state), while it measures and while it saves, and gone on with each time. Its model must verify,
its history must be complete, no epoch may be told twice, and nothing half-written may be left.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from btgui.engine.models.pack import open_pack
from btgui.engine.training_runs.events import (
    EpochDone,
    Event,
    PhaseStarted,
    Progress,
    StepDone,
    from_line,
)

_WITHIN, _AFTER = "within an epoch", "after an epoch"
_PARTS = ("comparing", "preprocessing", _WITHIN, _AFTER, "measuring", "saving")
_LONGEST_DELAY = 1.0  # seconds


def main() -> int:
    """Kill, go on, check; exit status 1 where a run was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    for number in range(options.times):
        with tempfile.TemporaryDirectory() as place:
            start = time.monotonic()
            killed_in, problem = _killed_again_and_again(options, Path(place), chance)
            took = time.monotonic() - start
            said = f"killed {', '.join(killed_in)}; {took:.0f} s; {problem or 'complete'}"
            print(f"{number + 1}: {said}", flush=True)
            if problem:
                return 1
    return 0


def _killed_again_and_again(
    options: argparse.Namespace, place: Path, chance: random.Random
) -> tuple[list[str], str]:
    """Return in which parts a run was killed, and what is wrong with what came of it, or ""."""
    output, killed_in, epochs = place / "model", [], []
    for part in (*_PARTS, ""):  # the last time to the end
        reached = _moment(part, chance.random())
        delay = chance.choice([0.0, chance.uniform(0, _LONGEST_DELAY)])
        command = _command(options, output, resume=bool(killed_in))
        status, told = _run(command, reached, delay)
        epochs += told
        if status == 0:
            break
        if not part or (status > 0 and sys.platform != "win32"):
            return killed_in, f"failed with status {status}"
        killed_in.append(part)
    return killed_in, _problem(output, epochs, options.epochs)


def _moment(part: str, share: float) -> Callable[[Event], bool]:
    """Return what tells the event at which so large a share, 0 to 1, of a part is done."""

    def reached(event: Event) -> bool:
        if isinstance(event, StepDone):
            is_last = event.step == event.steps
            within = part == _WITHIN and event.step >= share * event.steps and not is_last
            return within or (part == _AFTER and is_last)
        if isinstance(event, Progress):
            return event.phase == part and event.done >= share * event.total
        # These tell no progress.
        return isinstance(event, PhaseStarted) and event.phase == part in {"measuring", "saving"}

    return reached


def _command(options: argparse.Namespace, output: Path, *, resume: bool) -> list[str]:
    command = [sys.executable, "-m", "training", "fit", str(options.dataset), "--events"]
    command += ["--weights", "none", "--batch-size", "8", "--epochs", str(options.epochs)]
    command += ["--checkpoint-minutes", "0", "--output", str(output)]
    return [*command, "--resume"] if resume else command


def _run(
    command: list[str], reached: Callable[[Event], bool], delay: float
) -> tuple[int, list[int]]:
    """Run until a moment is reached, then kill; return the status and the epochs it told."""
    epochs: list[int] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout is not None  # noqa: S101  (it was asked for)
        for line in run.stdout:
            event = from_line(line)
            if isinstance(event, EpochDone):
                epochs.append(event.epoch)
            if event is not None and reached(event):
                time.sleep(delay)
                run.kill()
                break
        for line in run.stdout:  # what was on its way
            event = from_line(line) if line.endswith("\n") else None
            if isinstance(event, EpochDone):
                epochs.append(event.epoch)
    return run.returncode, epochs


def _problem(output: Path, told: list[int], epochs: int) -> str:
    history = open_pack(output).card.training["history"]
    if not all(len(values) == epochs for values in history.values()):
        return "the history is incomplete"
    if sorted(set(told)) != told:
        return f"epochs were told twice: {told}"
    left = [*output.parent.glob(".new-*"), *output.parent.rglob("*.new")]
    return f"left behind: {', '.join(map(str, left))}" if left else ""


if __name__ == "__main__":
    sys.exit(main())

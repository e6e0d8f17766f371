"""A run that is killed in each of its parts, at random moments, ends like one that was not killed.

To use another seed: ``BTGUI_KILL_SEED=7 python -m pytest tests/training/fitting/test_kill.py``.
"""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.models.pack import open_pack
from btgui.engine.training_runs.events import Ended, EpochDone, StepDone, from_line
from tests.training.training_server import AFTER, WITHIN
from training.fitting.checkpoints import Checkpoints

ROOT = Path(__file__).resolve().parents[3]
SEED = int(os.environ.get("BTGUI_KILL_SEED", "5"))
EPOCHS, STEPS = 5, 3
# In the order of a run; the longest part, with all the checkpoints, more than once.
PARTS = ("comparing", "preprocessing", WITHIN, AFTER, WITHIN, "measuring", "saving", "saving")
DELAY = 0.03  # seconds: somewhere in the computing that follows


@dataclass
class Process:
    """A training process started by the server."""

    server: subprocess.Popen
    number: int
    status: int | None = None
    events: list = field(default_factory=list)

    def __iter__(self):
        while self.status is None:
            line = self.server.stdout.readline()
            values = json.loads(line)
            if "status" in values:
                self.status = values["status"]
            elif event := from_line(line):
                self.events.append(event)
                yield event

    def to_the_end(self) -> int:
        for _ in self:
            pass
        return self.status


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Return a function that starts ``python -m training`` with arguments, watched or not."""
    home = {"BTGUI_HOME": str(tmp_path_factory.mktemp("home")), "OMP_NUM_THREADS": "2"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.training.training_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | home,
    ) as server:

        def begin(arguments, **watch) -> Process:
            asked = {"arguments": arguments, "watch": watch or None}
            server.stdin.write(json.dumps(asked) + "\n")
            server.stdin.flush()
            return Process(server, json.loads(server.stdout.readline())["process"])

        yield begin
        server.kill()


@pytest.fixture
def command(four_classes):
    """Return a function that returns the arguments of a short run of the tiny network into a folder."""

    def make(place: Path, epochs: int = EPOCHS) -> list[str]:
        return [
            *("fit", str(four_classes), "--architecture", "tiny", "--weights", "none"),
            *("--validation-fraction", "0.25", "--epochs", str(epochs), "--batch-size", "8"),
            *("--set", "weight_average_momentum=0.5", "--set", "learning_rate=0.003"),
            *("--checkpoint-minutes", "0", "--events", "--name", "Killed"),
            *("--output", str(place / "model")),
        ]

    return make


def told_steps(process) -> list[tuple[int, int]]:
    return [(one.epoch, one.step) for one in process.events if isinstance(one, StepDone)]


def in_order(state, count) -> list[tuple[int, int]]:
    """Return the given number of steps that follow a state."""
    done = state.epoch * STEPS + state.step
    return [(number // STEPS + 1, number % STEPS + 1) for number in range(done, done + count)]


def files_in(place) -> set[str]:
    return {str(file.relative_to(place)) for file in place.rglob("*")}


def test_a_run_killed_in_every_part_ends_as_one_that_was_not(start, command, tmp_path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    counts_file = tmp_path / "counts.json"
    through = start(command(whole), place=str(whole.parent), counts=str(counts_file))
    assert through.to_the_end() == 0
    assert len(told_steps(through)) == STEPS * EPOCHS
    operations = json.loads(counts_file.read_text())
    for part in (WITHIN, AFTER):  # those of one epoch, so that each of these kills is in another
        operations[part] //= EPOCHS

    chance = random.Random(SEED)
    work = killed / "model.run"
    resume, split = [], b""
    for part in PARTS:
        count, delay = operations.get(part, 0), chance.choice([0, chance.random() * DELAY])
        if part == "saving":
            delay = 0
        else:  # the kill before may have come late, and so have left less of this part
            count //= 2
        moment = {"part": part, "operation": chance.randint(0, count), "delay": delay}
        # Shown where the test fails.
        print(f"BTGUI_KILL_SEED={SEED}: {moment} of {operations.get(part, 0)}")  # noqa: T201
        before = Checkpoints(work).state()
        process = start([*command(killed), *resume], place=str(killed.parent), **moment)
        assert process.to_the_end() == -signal.SIGKILL
        resume = ["--resume"]
        if (killed / "model").exists():
            assert part == "saving"  # at the very end of it
            break
        # It went on where it was: no step twice, none left out ...
        told = told_steps(process)
        assert told == in_order(before, len(told))
        # ... and lost one step at most, as a checkpoint is written after each.
        kept = Checkpoints(work).state()
        lost = len(told) - ((kept.epoch - before.epoch) * STEPS + kept.step - before.step)
        assert lost in {0, 1}
        if kept.step or kept.epoch:
            assert Checkpoints(work).load().weights
        note = work / "split.json"
        noted = note.read_bytes() if note.exists() else b""
        assert noted == (split or noted)  # once it is noted it stays
        split = noted

    last = start([*command(killed), *resume])
    assert last.to_the_end() == 0
    assert last.events[-1] == Ended("succeeded", pack=str(killed / "model"))
    assert told_steps(last) == []  # it was killed last when all was trained
    check_alike(killed, whole)


def check_alike(killed, whole):
    """Check that model, split and files are those of the run that was not killed."""
    ours, theirs = open_pack(killed / "model"), open_pack(whole / "model")
    weights = (Checkpoints(place / "model.run").load_best() for place in (killed, whole))
    for one, other in zip(*weights, strict=True):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-5)
    answers = np.array(ours.card.reference_logits)
    assert answers == pytest.approx(np.array(theirs.card.reference_logits), rel=1e-3, abs=1e-5)
    history = ours.card.training["history"]
    assert [len(values) for values in history.values()] == [EPOCHS] * 4
    for name, values in theirs.card.training["history"].items():
        assert history[name] == pytest.approx(values, rel=1e-3, abs=1e-4)
    noted = json.loads((killed / "model.run" / "split.json").read_text())
    assert noted == json.loads((whole / "model.run" / "split.json").read_text())
    packed = json.loads(gzip.decompress((killed / "model" / "scans.json.gz").read_bytes()))
    for part in ("train", "validation", "test"):
        assert packed[part] == sorted(one["key"] for one in noted[part])
    assert files_in(killed) == files_in(whole)


def test_a_run_told_to_stop_ends_with_a_checkpoint_and_its_own_status(start, command, tmp_path):
    arguments, work = command(tmp_path, epochs=300), tmp_path / "model.run"
    run = start(arguments)
    next(event for event in run if isinstance(event, StepDone))
    run.server.stdin.write("stop\n")
    run.server.stdin.flush()
    assert run.to_the_end() == 4
    last = run.events[-1]
    assert (last.how, "--resume" in last.reason) == ("stopped", True)
    assert Checkpoints(work).state().step >= 1
    resumed = start([*arguments, "--resume"])
    next(event for event in resumed if isinstance(event, EpochDone))
    os.kill(resumed.number, signal.SIGTERM)
    assert resumed.to_the_end() == 4
    best = start([*arguments, "--keep-best"])
    assert best.to_the_end() == 0
    assert best.events[-1].how == "succeeded"
    history = open_pack(tmp_path / "model").card.training["history"]
    assert 1 <= len(history["loss"]) < 300
    assert np.isfinite(history["loss"]).all()

"""A run that is killed, at moments drawn at random, ends as one that was not."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from btgui.engine.model_pack import open_pack
from btgui.engine.training_events import Ended, EpochDone, StepDone, from_line

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
EPOCHS = 30
PROGRAM = (
    "import sys\n"
    "from tests.training.conftest import train_with_tiny\n"
    "sys.exit(train_with_tiny(sys.argv[1:]))\n"
)


@pytest.fixture
def command(four_classes, tmp_path):
    """The command line of a short run of a tiny network on small made scans."""
    return [
        *(sys.executable, "-c", PROGRAM, "fit", str(four_classes), "--architecture", "tiny"),
        *("--weights", "none", "--protocol", "published", "--validation-fraction", "0.25"),
        *("--preset", "as-published", "--epochs", str(EPOCHS), "--batch-size", "4"),
        *("--checkpoint-minutes", "0", "--events", "--name", "Killed"),
        *("--output", str(tmp_path / "model")),
    ]


def begin(command, *options):
    return subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "2"},
    )


def events_of(run):
    for line in run.stdout:
        event = from_line(line)
        if event is not None:
            yield event


def test_a_run_killed_again_and_again_loses_nothing(command, tmp_path):
    chance = random.Random(5)  # the same moments in every run of the test
    done = 0
    for attempt in range(3):
        run = begin(command, *(["--resume"] if attempt else []))
        more = chance.randrange(2, 9)
        for event in events_of(run):
            if isinstance(event, StepDone):
                assert event.epoch > done  # what was done is not done again
            if isinstance(event, EpochDone):
                assert event.epoch == done + 1
                done += 1
                more -= 1
                if not more:
                    break
        time.sleep(chance.uniform(0, 0.1))  # somewhere between two steps, or in a checkpoint
        run.kill()
        run.communicate()
        assert not (tmp_path / "model").exists()
        done = json.loads((tmp_path / "model.run" / "checkpoint.json").read_text())["state"][
            "epoch"
        ]
    run = begin(command, "--resume")
    *_, ended = events_of(run)
    assert run.wait(PATIENCE) == 0
    run.communicate()
    assert ended == Ended("succeeded", pack=str(tmp_path / "model"))
    pack = open_pack(tmp_path / "model")
    assert [len(values) for values in pack.card.training["history"].values()] == [EPOCHS] * 4


def test_a_run_told_to_stop_ends_with_a_checkpoint_and_its_own_status(command, tmp_path):
    run = begin(command)
    events = events_of(run)
    next(event for event in events if isinstance(event, StepDone))
    run.stdin.write("stop\n")
    run.stdin.flush()
    *_, last = events
    assert run.wait(PATIENCE) == 4
    run.communicate()
    assert (last.how, "--resume" in last.reason) == ("stopped", True)
    work = tmp_path / "model.run"
    assert json.loads((work / "checkpoint.json").read_text())["state"]["step"] >= 1
    resumed = begin(command, "--resume")
    events = events_of(resumed)
    next(event for event in events if isinstance(event, EpochDone))
    resumed.send_signal(signal.SIGTERM)
    *_, last = events
    assert resumed.wait(PATIENCE) == 4
    resumed.communicate()
    best = begin(command, "--keep-best")
    *_, last = events_of(best)
    assert best.wait(PATIENCE) == 0
    best.communicate()
    assert last.how == "succeeded"
    assert open_pack(tmp_path / "model").card.training["history"]["loss"]

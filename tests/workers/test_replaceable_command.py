import json
import sys
import threading

import cv2
import pytest

from btgui.engine.errors import DatasetError, TrainingError
from btgui.engine.training_runs.events import Ended
from btgui.workers import replaceable_command
from btgui.workers.replaceable_command import ReplaceableCommand
from tests.training.conftest import draw_head

PATIENCE = 60_000


@pytest.fixture
def command(qapp):
    command = ReplaceableCommand()
    yield command
    command.close()


@pytest.fixture
def preview(tmp_path):
    """Return a function that returns the arguments of a quick command."""
    for label in ("a", "b"):
        (tmp_path / "scans" / label).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "scans" / label / "0.png"), draw_head(0, tumour=False))

    def make(into: str):
        places = [str(tmp_path / "scans"), "--into"]
        return lambda folder: ["preview", *places, str(folder / into)]

    return make


def read(file):
    return json.loads(file.read_text())


def test_a_command_runs_and_its_answer_is_read(command, qtbot, preview):
    events = []
    command.event_arrived.connect(events.append)
    with qtbot.waitSignal(command.answered, timeout=PATIENCE) as answered:
        command.start(preview("one"), read)
        assert command.is_busy()
    assert not command.is_busy()
    assert len(answered.args[0]) == 2
    assert isinstance(events[-1], Ended)
    assert len(list((command.folder / "one").iterdir())) == 8


def test_a_newer_command_follows_the_one_before_and_only_its_end_is_told(command, qtbot, preview):
    told = []
    command.answered.connect(told.append)
    command.broke_off.connect(told.append)
    for into in ("one", "two", "three"):
        command.start(preview(into), lambda _file, into=into: into)
    qtbot.waitUntil(lambda: not command.is_busy(), timeout=PATIENCE)
    assert told == ["three"]
    assert {place.name for place in command.folder.iterdir()} == {"answer.json", "three"}


def test_one_that_is_stopped_says_so(command, qtbot, preview):
    command.start(preview("one"), read)
    with qtbot.waitSignal(command.broke_off, timeout=PATIENCE) as ended:
        command.stop()
    assert ended.args[0].how == "stopped"


def test_one_whose_answer_is_being_read_can_be_stopped(command, qtbot, preview):
    reads, may_end = threading.Event(), threading.Event()
    command.start(preview("one"), lambda _file: (reads.set(), may_end.wait(10)))
    qtbot.waitUntil(reads.is_set, timeout=PATIENCE)
    with qtbot.waitSignal(command.broke_off) as ended, qtbot.assertNotEmitted(command.answered):
        command.stop()
        may_end.set()
    assert ended.args[0].how == "stopped"
    assert not command.is_busy()


def test_one_that_does_not_stop_is_ended(qapp, qtbot, preview, monkeypatch):
    monkeypatch.setattr(replaceable_command, "_PATIENCE_MILLISECONDS", 1)
    command = ReplaceableCommand()
    command._process._program = (sys.executable, "-c", "import time; time.sleep(600)")
    command.start(preview("one"), read)
    with qtbot.waitSignal(command.broke_off, timeout=PATIENCE) as ended:
        command.stop()
    assert ended.args[0].how == "stopped"


def test_an_answer_that_cannot_be_read_is_told(command, qtbot, preview):
    def refuse(_file):
        raise DatasetError("It is no answer.")

    with qtbot.waitSignal(command.broke_off, timeout=PATIENCE) as ended:
        command.start(preview("one"), refuse)
    assert (ended.args[0].how, ended.args[0].text) == ("failed", "It is no answer.")


def test_what_cannot_be_asked_is_told_and_not_begun(command, qtbot):
    def refuse(_folder):
        raise TrainingError("There is no room.")

    with qtbot.waitSignal(command.broke_off) as ended:
        command.start(refuse, read)
    assert (ended.args[0].how, ended.args[0].text) == ("could_not_start", "There is no room.")
    assert not command.is_busy()

import json

import pytest

from btgui.engine.errors import Cancelled, TrainingError
from btgui.engine.training_events import Command
from btgui.engine.training_request import RECOMMENDED
from training.__main__ import main
from training.control import Control
from training.probe import probe


def test_steps_are_timed(tiny_architecture, tmp_path, capsys):
    file = tmp_path / "times.json"
    assert main(["probe", "--architecture", "tiny", "--batch-size", "4", "--json", str(file)]) == 0
    times = json.loads(file.read_text())
    assert times["batch_size"] == 4
    assert 0 < times["validation"] < 60
    assert 0 < times["training"] < 60
    assert "s a step of 4 scans" in capsys.readouterr().err


def test_an_unknown_network_is_named():
    with pytest.raises(TrainingError, match="alexnet"):
        probe("alexnet", RECOMMENDED, 2, Control())


def test_it_can_be_stopped(tiny_architecture):
    control = Control()
    control.tell(Command.STOP)
    with pytest.raises(Cancelled):
        probe("tiny", RECOMMENDED, 2, control)

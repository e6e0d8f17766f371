import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

from btgui.engine.errors import Cancelled, TrainingError
from btgui.engine.training_request import RECOMMENDED
from btgui.engine.training_runs.events import Command, DeviceKnown
from training.__main__ import main
from training.control import Control
from training.fitting.probe import probe
from training.fitting.steps import measuring_step, training_step
from training.networks.architectures import build_network


def test_steps_are_timed(tiny_architecture, tmp_path, capsys):
    file = tmp_path / "times.json"
    assert main(["probe", "--architecture", "tiny", "--batch-size", "4", "--json", str(file)]) == 0
    times = json.loads(file.read_text())
    assert times["batch_size"] == 4
    assert 0 < times["validation"] < 60
    assert 0 < times["training"] < 60
    assert "s per training step of 4 scans" in capsys.readouterr().err


def test_a_gpu_is_set_up_before_anything_is_built_and_every_gpu_takes_its_share(
    tiny_architecture, monkeypatch
):
    done = []

    @contextmanager
    def spread():
        done.append("spread")
        yield
        done.append("measured")

    def noted(name, function):
        def call(*arguments, **options):
            done.append(name)
            return function(*arguments, **options)

        monkeypatch.setattr(f"training.fitting.probe.{name}", call)

    monkeypatch.setattr("training.fitting.probe.spread_over_all", spread)
    noted("device", lambda: DeviceKnown("gpu", "A card", 2))
    noted("build_network", build_network)
    noted("training_step", training_step)
    noted("measuring_step", measuring_step)
    times = probe("tiny", replace(RECOMMENDED, batch_size=2), 2, Control())
    steps = ["training_step", "measuring_step"]
    assert done == ["device", "spread", "build_network", *steps, "measured"]
    assert times.device.count == 2


def test_an_unknown_network_is_named():
    with pytest.raises(TrainingError, match="alexnet"):
        probe("alexnet", RECOMMENDED, 2, Control())


@pytest.mark.parametrize("option", ["--batch-size", "--classes"])
def test_numbers_that_mean_nothing_are_refused(option, capsys):
    assert main(["probe", option, "0"]) == 1
    assert f"Expected {option} to be 1 or more, received 0." in capsys.readouterr().err


def test_it_can_be_stopped(tiny_architecture):
    control = Control()
    control.tell(Command.STOP)
    with pytest.raises(Cancelled):
        probe("tiny", RECOMMENDED, 2, control)

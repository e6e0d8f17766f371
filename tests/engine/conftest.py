"""Fixtures with the small model, loaded once, and inputs for it."""

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from btgui.engine.results import Device
from btgui.engine.runtimes import Outputs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tiny_network(tiny_pack):
    """The small pack's network as Keras itself loads it."""
    import keras

    return keras.saving.load_model(tiny_pack.model_file, compile=False)


@pytest.fixture(scope="session")
def tiny_runtime(tiny_pack):
    """The small pack's TensorFlow runtime, shared by all tests: do not close it."""
    from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

    return TensorFlowRuntime(tiny_pack)


@pytest.fixture(scope="session")
def inputs():
    """Six random inputs of such contrast that the small untrained network's answers differ."""
    generator = np.random.default_rng(7)
    levels = generator.uniform(-200, 200, (6, 1, 1, 3))
    return (levels + generator.uniform(-50, 50, (6, 64, 64, 3))).astype(np.float32)


@pytest.fixture
def clone(tiny_network):
    """Return a function that copies the small network, its head's kernel and bias changed."""
    import keras

    def copy(change):
        network = keras.models.clone_model(tiny_network)
        network.set_weights(tiny_network.get_weights())
        head = network.get_layer("logits")
        head.set_weights(change(*head.get_weights()))
        return network

    return copy


class StandInRuntime:
    """A runtime that returns given logits, also as stage means, and records its batch sizes."""

    device = Device("cpu", "stand-in")

    def __init__(self, logits=lambda inputs: np.zeros((len(inputs), 4), np.float32)) -> None:
        self.answer = logits
        self.batch_sizes: list[int] = []

    def outputs(self, inputs):
        self.batch_sizes.append(len(inputs))
        logits = self.answer(inputs)
        return Outputs(logits, stage_means=(logits,))


@pytest.fixture
def stand_in():
    """Return the stand-in's class."""
    return StandInRuntime


@pytest.fixture
def blanking_drops():
    """Return a function that measures by how much blanking a region reduces a class's logit."""

    def measure(runtime, analysis, *, side: int, random_regions: int = 12, seed: int = 0):
        """Return the drop of the logit at the last map's highlight, and those at random places."""
        target, stages = analysis.explanation.target_index, analysis.explanation.stages
        whole = analysis.preprocessed.network_input
        size = whole.shape[:2]
        heat = cv2.resize(stages[-1].feature_map, size[::-1], interpolation=cv2.INTER_LINEAR)
        # Mean heat of every region that lies within the picture, by its top left corner.
        sums = cv2.integral(heat)
        means = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side]
        means += sums[:-side, :-side]
        highlight = np.unravel_index(means.argmax(), means.shape)
        generator = np.random.default_rng(seed)
        corners = [highlight, *generator.integers(0, means.shape, (random_regions, 2))]
        blanked = np.repeat(whole[None], len(corners), axis=0)
        for picture, (top, left) in zip(blanked, corners, strict=True):
            picture[top : top + side, left : left + side] = whole.min()  # black
        drops = runtime.logits(whole[None])[0, target] - runtime.logits(blanked)[:, target]
        return float(drops[0]), drops[1:]

    return measure


@pytest.fixture
def other_process():
    """Return a function that starts Python code with a path and waits until it prints a word.

    The process is killed at the end of the test.
    """
    begun = []

    def begin(code: str, path: Path, *, says: str) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", code, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
        )
        assert begun[-1].stdout.readline() == f"{says}\n"
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()

"""The small model, loaded once, and inputs for it."""

import numpy as np
import pytest

from btgui.engine.results import Device


@pytest.fixture(scope="session")
def tiny_network(tiny_pack):
    """The small pack's network as Keras itself loads it."""
    import keras

    return keras.saving.load_model(tiny_pack.model_file, compile=False)


@pytest.fixture(scope="session")
def tiny_runtime(tiny_pack):
    """The small pack in this process; leave it open."""
    from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

    return TensorFlowRuntime(tiny_pack)


@pytest.fixture(scope="session")
def inputs():
    """Six different random inputs for the small network, -1 to 1."""
    generator = np.random.default_rng(7)
    return generator.uniform(-1, 1, (6, 64, 64, 3)).astype(np.float32)


class StandInRuntime:
    """A runtime whose logits are told; it keeps the sizes of the batches that it was asked."""

    device = Device("cpu", "stand-in")

    def __init__(self, logits=lambda inputs: np.zeros((len(inputs), 4), np.float32)) -> None:
        self.answer = logits
        self.batch_sizes: list[int] = []

    def logits(self, inputs):
        self.batch_sizes.append(len(inputs))
        return self.answer(inputs)


@pytest.fixture
def stand_in():
    """Return the stand-in's class."""
    return StandInRuntime

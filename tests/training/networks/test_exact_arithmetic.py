"""The switches of each back end; back ends that are not installed are mocked."""

import sys
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from btgui.engine.preprocessing import PreprocessingParameters
from tests.training.conftest import RECIPE
from training.fitting.save_model import reference_logits
from training.fitting.validation import validation_logits
from training.networks.architectures import build_network
from training.networks.exact_arithmetic import exact_arithmetic


@pytest.fixture
def rounded():
    """Let TensorFlow round to TensorFloat-32, its default; return a function that tells whether it does."""
    import tensorflow as tf

    switches = tf.config.experimental
    before = switches.tensor_float_32_execution_enabled()
    switches.enable_tensor_float_32_execution(True)
    yield switches.tensor_float_32_execution_enabled
    switches.enable_tensor_float_32_execution(before)


@pytest.mark.parametrize("allowed", [True, False])
def test_tensorflow_computes_exactly_and_then_as_before(rounded, allowed):
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(allowed)
    with exact_arithmetic():
        assert not rounded()
    assert rounded() == allowed


def test_after_an_error_it_is_as_before_too(rounded):
    def fail():
        with exact_arithmetic():
            raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        fail()
    assert rounded()


def test_pytorch_s_convolutions_and_products_are_exact(monkeypatch):
    cudnn, matmul = SimpleNamespace(allow_tf32=True), SimpleNamespace(allow_tf32=False)
    backends = SimpleNamespace(cudnn=cudnn, cuda=SimpleNamespace(matmul=matmul))
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(backends=backends))
    monkeypatch.setattr("keras.backend.backend", lambda: "torch")
    with exact_arithmetic():
        assert (cudnn.allow_tf32, matmul.allow_tf32) == (False, False)
    assert (cudnn.allow_tf32, matmul.allow_tf32) == (True, False)


def test_jax_is_asked_for_its_highest_precision(monkeypatch):
    asked = []

    @contextmanager
    def precision(name):
        asked.append(name)
        yield
        asked.append("as before")

    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(default_matmul_precision=precision))
    monkeypatch.setattr("keras.backend.backend", lambda: "jax")
    with exact_arithmetic():
        assert asked == ["highest"]
    assert asked == ["highest", "as before"]


@pytest.mark.parametrize("package", ["torch", "jax"])
def test_the_switches_are_those_of_what_is_installed(monkeypatch, package):
    module = pytest.importorskip(package)
    monkeypatch.setattr("keras.backend.backend", lambda: package)

    def state():
        if package == "jax":
            return module.config.jax_default_matmul_precision
        return module.backends.cudnn.allow_tf32, module.backends.cuda.matmul.allow_tf32

    before = state()
    with exact_arithmetic():
        assert state() == ("highest" if package == "jax" else (False, False))
    assert state() == before


@pytest.fixture
def network(tiny_architecture):
    return build_network(tiny_architecture, 4, weights="none", dropout=0.0)


@pytest.fixture
def noted(network, rounded, monkeypatch, eagerly):
    """Record at every call of the network's last layer whether TensorFlow rounds."""
    layer, seen = network.get_layer("logits"), []
    call = layer.call

    def look(*arguments, **options):
        seen.append(rounded())
        return call(*arguments, **options)

    monkeypatch.setattr(layer, "call", look)
    return seen


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
def test_the_card_s_reference_is_computed_exactly(network, noted, rounded):
    reference_logits(network, PreprocessingParameters(input_height=64, input_width=64))
    assert noted
    assert not any(noted)
    assert rounded()


@pytest.mark.filterwarnings("ignore:Even though the `tf.config")
def test_what_chooses_the_temperature_is_computed_exactly(network, noted, rounded, monkeypatch):
    class Batches:
        # Of the second scan the class is known only in part.
        possible = np.float32([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])

        def __init__(self, *_arguments, **_options):
            pass

        def __len__(self):
            return 2

        def __getitem__(self, index):
            return (np.full((2, 64, 64, 3), index, np.float32),)

    monkeypatch.setattr("training.fitting.prediction.ScanBatches", Batches)
    request = SimpleNamespace(preprocessing=None, recipe=RECIPE, seed=1)
    logits, labels = validation_logits(network, request, ("a", "b", "c", "d"), None)
    assert logits.shape == (3, 4)
    assert labels.tolist() == [0, 2, 3]
    assert noted
    assert not any(noted)
    assert rounded()

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from training.networks.devices import device, spread_over_all


def test_it_names_what_is_trained_on():
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    known = device()
    assert known.device_kind == ("gpu" if gpus else "cpu")
    assert known.name
    assert known.count == max(1, len(gpus))


def test_a_single_device_needs_no_spreading(monkeypatch):
    monkeypatch.setattr("training.networks.devices._tensorflow_gpus", lambda: ["A card"])
    assert device().name == "A card"
    assert isinstance(spread_over_all(), nullcontext)


@pytest.mark.parametrize(("kind", "told"), [("cuda", "A card"), ("cpu", "A processor")])
def test_of_pytorch_it_names_what_keras_uses(monkeypatch, kind, told):
    """A GPU may be there and not be used (KERAS_TORCH_DEVICE=cpu)."""
    cuda = SimpleNamespace(is_available=lambda: True, get_device_name=lambda _device: "A card")
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    monkeypatch.setattr("keras.backend.backend", lambda: "torch")
    of_keras = SimpleNamespace(device=SimpleNamespace(type=kind))
    monkeypatch.setattr("keras.ops.zeros", lambda _shape: of_keras)
    monkeypatch.setattr("training.networks.devices.processor_name", lambda: "A processor")
    assert device().name == told

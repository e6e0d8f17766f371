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


@pytest.mark.parametrize(
    ("kind", "told"),
    [("cuda", "A card"), ("xpu", "A card"), ("mps", "Apple GPU"), ("cpu", "A processor")],
)
def test_of_pytorch_it_names_what_keras_uses(monkeypatch, kind, told):
    """A GPU may be there and not be used (KERAS_TORCH_DEVICE=cpu)."""
    card = SimpleNamespace(get_device_name=lambda _device: "A card")
    torch = SimpleNamespace(get_device_module=lambda _device: card)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr("keras.backend.backend", lambda: "torch")
    of_keras = SimpleNamespace(device=SimpleNamespace(type=kind))
    monkeypatch.setattr("keras.ops.zeros", lambda _shape: of_keras)
    monkeypatch.setattr("training.networks.devices.processor_name", lambda: "A processor")
    assert (device().device_kind, device().name) == ("cpu" if kind == "cpu" else "gpu", told)

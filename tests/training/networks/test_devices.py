import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from btgui.engine.training_runs.events import DeviceKnown
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


def test_several_gpus_of_tensorflow_are_named_after_the_first_and_share_the_work(monkeypatch):
    import tensorflow as tf

    names = {"first": {"device_name": "A card"}, "second": {}}
    scope = nullcontext()
    strategy = SimpleNamespace(scope=lambda: scope)
    monkeypatch.setattr(tf.config, "list_physical_devices", {"GPU": list(names)}.get)
    monkeypatch.setattr(tf.config.experimental, "get_device_details", names.get)
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", lambda: strategy)
    assert device() == DeviceKnown("gpu", "A card", 2)
    assert spread_over_all() is scope


def test_several_gpus_of_jax_are_named_after_the_first_and_share_the_work(monkeypatch):
    import keras

    gpus = [SimpleNamespace(platform="gpu", device_kind=f"Card {n}") for n in (1, 2)]
    others = [SimpleNamespace(platform="cpu", device_kind="cpu")]
    scope = nullcontext()
    spread = SimpleNamespace(scope=lambda: scope)
    monkeypatch.setitem(sys.modules, "jax", SimpleNamespace(devices=lambda: others + gpus))
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(keras.distribution, "DataParallel", lambda: spread)
    assert device() == DeviceKnown("gpu", "Card 1", 2)
    assert spread_over_all() is scope


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

from contextlib import nullcontext

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

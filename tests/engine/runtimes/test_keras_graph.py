import io
import zipfile

import h5py
import numpy as np
import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import open_pack, write_pack
from btgui.engine.runtimes.keras_graph import read_graph
from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime


def test_every_layer_comes_with_its_inputs_and_its_own_weights(tiny_pack, tiny_network):
    layers = read_graph(tiny_pack.model_file)
    assert [layer.name for layer in layers] == [layer.name for layer in tiny_network.layers]
    for ours, theirs in zip(layers, tiny_network.layers, strict=True):
        assert ours.kind == type(theirs).__name__
        expected = [] if ours.kind == "Dropout" else theirs.get_weights()
        assert len(ours.weights) == len(expected)
        assert all(np.array_equal(a, b) for a, b in zip(ours.weights, expected, strict=True))
    before = {layers[0].name}
    for layer in layers[1:]:
        assert set(layer.inputs) <= before
        assert layer.inputs
        before.add(layer.name)


def test_a_model_of_another_form_is_refused(tmp_path):
    import keras

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    network.save(tmp_path / "sequential.keras")
    with pytest.raises(ModelPackError, match="functional model"):
        read_graph(tmp_path / "sequential.keras")


@pytest.mark.parametrize("config", ["{", "[]", '{"class_name": "Functional", "config": {}}'])
def test_nonsense_is_refused(tmp_path, config):
    file = tmp_path / "model.keras"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", b"")
    with pytest.raises(ModelPackError, match="not a readable Keras model"):
        read_graph(file)


def test_a_model_that_was_deleted_meanwhile_is_not_called_unreadable(tmp_path):
    with pytest.raises(ModelPackError, match="another window may have deleted"):
        read_graph(tmp_path / "model.keras")


def huge(stored):
    """Declare 40 GB of weights in a few bytes, without writing any of them."""
    stored.create_dataset("0", (100_000, 100_000), "f4", chunks=(1000, 1000))


def elsewhere(stored):
    stored["0"] = h5py.ExternalLink("/etc/other.h5", "/0")


def raw(stored):
    stored.create_dataset("0", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def around(stored):
    """A group that contains itself: walking through it must terminate."""
    stored["again"] = stored
    elsewhere(stored)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (huge, "would take 40 GB of memory, more than a network can need"),
        (elsewhere, "partly in another file"),
        (raw, "partly in another file"),
        (around, "partly in another file"),
    ],
)
def test_weights_are_checked_before_memory_is_taken(tiny_pack, tmp_path, spoil, words):
    with zipfile.ZipFile(tiny_pack.model_file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO(members["model.weights.h5"])
    with h5py.File(stream, "r+") as stored:
        group = stored["layers/conv2d/vars"]
        del group["0"]
        spoil(group)
    members["model.weights.h5"] = stream.getvalue()
    file = tmp_path / "model.keras"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    pack = open_pack(write_pack(tmp_path / "pack", tiny_pack.card, file).folder)
    with pytest.raises(ModelPackError, match=words):
        read_graph(pack.model_file)
    with pytest.raises(ModelPackError, match=words):
        TensorFlowRuntime(pack).warm_up()

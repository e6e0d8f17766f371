import zipfile

import numpy as np
import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.runtimes.keras_graph import read_graph


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

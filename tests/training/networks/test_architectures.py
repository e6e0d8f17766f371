import io
import zipfile

import h5py
import numpy as np
import pytest

from btgui.engine.errors import RequestError, TrainingError
from btgui.engine.models.pack import write_pack
from training.networks.architectures import architecture, build_network, freeze_stages


@pytest.fixture(scope="module")
def mobilenet():
    return build_network("mobilenetv2", 4, weights="none", dropout=0.4, batch_norm_momentum=0.9)


@pytest.fixture
def build(tiny_architecture):
    """Return a function that builds the tiny network; its weights by seed."""
    import keras

    def make(seed=0, classes=4, **options):
        keras.utils.set_random_seed(seed)
        defaults = {"weights": "none", "dropout": 0.4}
        return build_network(tiny_architecture, classes, **defaults | options)

    return make


def same(first, second):
    return all(
        np.array_equal(a, b) for a, b in zip(first.get_weights(), second.get_weights(), strict=True)
    )


def test_the_network_is_flat_and_reads_200_by_200_pixels(mobilenet):
    import keras

    assert mobilenet.input_shape == (None, 200, 200, 3)
    assert mobilenet.output_shape == (None, 4)
    assert not any(isinstance(layer, keras.Model) for layer in mobilenet.layers)


def test_the_head_is_pooling_dropout_dense_and_softmax(mobilenet):
    import keras

    pooling, dropout, logits, probabilities = mobilenet.layers[-4:]
    assert isinstance(pooling, keras.layers.GlobalAveragePooling2D)
    assert (dropout.name, dropout.rate) == ("dropout", 0.4)
    assert isinstance(logits, keras.layers.Dense)
    assert (logits.units, logits.use_bias, logits.activation.__name__) == (4, True, "linear")
    assert probabilities.activation.__name__ == "softmax"
    assert [layer.name for layer in (pooling, logits, probabilities)] == [
        "pooling",
        "logits",
        "probabilities",
    ]


def test_it_has_the_published_number_of_parameters(mobilenet):
    assert mobilenet.count_params() == 2_263_108


def test_its_five_stages_are_the_last_activations_at_each_resolution(mobilenet):
    stages = architecture("mobilenetv2").stages
    assert [stage.label for stage in stages] == [f"Stage {number}" for number in range(1, 6)]
    sides = [mobilenet.get_layer(stage.layer).output.shape[1] for stage in stages]
    assert sides == [100, 50, 25, 13, 7]
    activations = [layer for layer in mobilenet.layers if type(layer).__name__ == "ReLU"]
    for stage, side in zip(stages, sides, strict=True):
        of_side = [layer.name for layer in activations if layer.output.shape[1] == side]
        assert of_side[-1] == stage.layer


def test_the_momentum_of_every_normalisation_is_replaced(mobilenet, build):
    import keras

    def momenta(network):
        return {
            layer.momentum
            for layer in network.layers
            if isinstance(layer, keras.layers.BatchNormalization)
        }

    assert momenta(mobilenet) == {0.9}
    assert momenta(build()) == {0.99}  # Keras' own


def test_another_input_side_can_be_asked_for(build):
    assert build(input_side=32).input_shape == (None, 32, 32, 3)


def test_weights_by_seed_start_alike_and_other_seeds_do_not(build):
    assert same(build(seed=1), build(seed=1))
    assert not same(build(seed=1), build(seed=2))


def test_the_base_starts_with_the_weights_of_a_file_and_the_head_does_not(build, tmp_path):
    import keras

    donor = build(seed=1)
    base = keras.Model(donor.input, donor.get_layer("stage5").output)
    base.save_weights(tmp_path / "base.weights.h5")
    network = build(seed=2, weights=str(tmp_path / "base.weights.h5"))
    *of_base, kernel, _ = zip(network.get_weights(), donor.get_weights(), strict=True)
    assert all(np.array_equal(ours, theirs) for ours, theirs in of_base)
    assert not np.array_equal(*kernel)


def test_a_network_goes_on_from_a_model_pack_with_head_and_all(build, make_pack):
    trained = build(seed=1)
    pack = make_pack(trained)
    assert same(build(seed=2, weights=str(pack.folder)), trained)


def test_a_pack_whose_weights_lie_in_another_file_is_not_gone_on_from(build, make_pack, tmp_path):
    pack = make_pack(build(seed=1))
    (tmp_path / "secret").write_bytes(b"not a weight of this network at all")
    with zipfile.ZipFile(pack.model_file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO(members["model.weights.h5"])
    with h5py.File(stream, "r+") as stored:
        head = stored["layers/dense/vars"]
        del head["1"]
        head.create_dataset("1", (4,), "f4", external=[(str(tmp_path / "secret"), 0, 16)])
    members["model.weights.h5"] = stream.getvalue()
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    odd = write_pack(tmp_path / "odd", pack.card, tmp_path / "model.keras")
    with pytest.raises(TrainingError, match="partly in another file"):
        build(weights=str(odd.folder))


def test_a_pack_of_other_classes_or_another_network_is_not_gone_on_from(
    build, make_pack, tiny_pack
):
    pack = make_pack(build(classes=4))
    with pytest.raises(TrainingError, match="Small test model is another kind of network"):
        build(classes=3, weights=str(pack.folder))
    with pytest.raises(TrainingError, match="another kind of network or has other classes"):
        build(weights=str(tiny_pack.folder))


def test_weights_that_are_missing_or_not_weights_are_refused_in_words(build, tmp_path):
    with pytest.raises(TrainingError, match=r"nowhere\.h5 does not exist"):
        build(weights=str(tmp_path / "nowhere.h5"))
    wrong = tmp_path / "wrong.weights.h5"
    wrong.write_bytes(b"not HDF5")
    with pytest.raises(
        RequestError, match=r"wrong\.weights\.h5 to hold the weights of Tiny .* damaged"
    ):
        build(weights=str(wrong))


def test_weights_of_another_network_are_refused_in_our_own_words(build, tmp_path):
    import keras

    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    other.save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(RequestError) as told:
        build(weights=str(tmp_path / "other.weights.h5"))
    assert str(told.value) == (
        "Expected other.weights.h5 to hold the weights of Tiny without its top layers, as Keras saves "
        "them; received those of another network. Choose another file, or the network that the "
        "weights belong to."
    )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("Layer count mismatch"), RequestError),
        (OSError("file signature not found"), RequestError),
        (OSError(5, "Input/output error"), TrainingError),
        (RuntimeError("OOM when allocating tensor"), TrainingError),
    ],
)
def test_only_what_will_not_fit_another_time_is_for_good(monkeypatch, tmp_path, error, kind):
    def fail(**_options):
        raise error

    monkeypatch.setattr("keras.applications.MobileNetV2", fail)
    weights = tmp_path / "own.weights.h5"
    weights.touch()
    with pytest.raises(TrainingError) as raised:
        build_network("mobilenetv2", 4, weights=str(weights), dropout=0.4)
    assert raised.type is kind


@pytest.mark.filterwarnings("ignore:`input_shape` is undefined")  # 200 is not one of ImageNet's
def test_without_a_connection_imagenet_weights_are_refused_in_words(monkeypatch):
    def unreachable(*_arguments, **_options):
        raise OSError("no route to host")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", unreachable)
    with pytest.raises(
        TrainingError, match=r"'imagenet' could not be loaded .*no route to host"
    ) as told:
        build_network("mobilenetv2", 4, weights="imagenet", dropout=0.4)
    assert not isinstance(told.value, RequestError)  # there may be one another time


def test_a_memory_that_is_full_is_not_told_as_weights_that_do_not_fit(monkeypatch):
    def full(**_options):
        raise MemoryError("OOM when allocating a tensor")

    monkeypatch.setattr("keras.applications.MobileNetV2", full)
    with pytest.raises(MemoryError):  # else a resumed run would be refused for good
        build_network("mobilenetv2", 4, weights="none", dropout=0.4)


def test_an_unknown_architecture_is_refused_with_the_known_ones():
    with pytest.raises(TrainingError, match=r"among .*resnet50.*received 'resnet'"):
        build_network("resnet", 4, weights="none", dropout=0.4)


@pytest.mark.parametrize("count", [0, 2, 5])
def test_frozen_stages_keep_every_layer_up_to_their_end(build, tiny_architecture, count):
    network = build()
    freeze_stages(network, tiny_architecture, count)
    names = [layer.name for layer in network.layers]
    frozen = [layer.name for layer in network.layers if not layer.trainable]
    last = architecture(tiny_architecture).stages[count - 1].layer
    end = names.index(last) + 1 if count else 0
    assert frozen == names[:end]
    assert network.get_layer("logits").trainable


def test_more_frozen_stages_than_there_are_is_refused(build, tiny_architecture):
    with pytest.raises(TrainingError, match="0 to 5 frozen stages, received 6"):
        freeze_stages(build(), tiny_architecture, 6)

import json
import shutil
import zipfile

import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.models.keras_file import check_keras_file


@pytest.fixture
def rewritten(tiny_pack, tmp_path):
    """Return a function that writes the model file anew with a changed configuration."""

    def rewrite(change=lambda config: config, extra=()):
        file = tmp_path / "model.keras"
        with zipfile.ZipFile(tiny_pack.model_file) as source, zipfile.ZipFile(file, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if name == "config.json":
                    content = json.dumps(change(json.loads(content))).encode()
                target.writestr(name, content)
            for name in extra:
                target.writestr(name, b"")
        return file

    return rewrite


def with_layer(layer: dict):
    def change(config):
        config["config"]["layers"].append(layer)
        return config

    return change


def layer(class_name: str, module: str = "keras.layers", **more):
    return {"class_name": class_name, "module": module, "config": {}, **more}


def test_keras_own_layers_are_let_through(tiny_pack):
    check_keras_file(tiny_pack.model_file)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (layer("Lambda"), "Lambda layer, which can run arbitrary code"),
        (layer("TFSMLayer"), "TFSMLayer"),
        (layer("Custom", module="somewhere.else"), "somewhere.else.Custom"),
        (layer("eval", module="builtins"), "builtins.eval"),
        (layer("system", module="os"), "os.system"),
        (layer("Dense", registered_name="theirs>Dense"), "theirs>Dense"),
    ],
)
def test_code_is_refused_with_its_name(rewritten, odd, words):
    with pytest.raises(ModelPackError) as refused:
        check_keras_file(rewritten(with_layer(odd)))
    assert words in str(refused.value)


def test_code_deep_inside_another_layer_is_found(rewritten):
    outer = layer("TimeDistributed")
    outer["config"] = {"layer": {"wrapped": [layer("Lambda")]}}
    with pytest.raises(ModelPackError, match="Lambda"):
        check_keras_file(rewritten(with_layer(outer)))


def test_a_real_lambda_layer_saved_by_keras_is_refused(tmp_path):
    import keras

    inputs = keras.Input((4,))
    model = keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2)(inputs))
    model.save(tmp_path / "lambda.keras")
    with pytest.raises(ModelPackError, match="Lambda"):
        check_keras_file(tmp_path / "lambda.keras")


def test_more_than_a_model_in_the_file_is_refused(rewritten):
    with pytest.raises(ModelPackError, match=r"assets/code\.py"):
        check_keras_file(rewritten(extra=["assets/code.py"]))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"plain text"])
def test_what_is_no_model_file_is_refused(tmp_path, content):
    (tmp_path / "model.keras").write_bytes(content)
    with pytest.raises(ModelPackError, match="not a readable Keras model file"):
        check_keras_file(tmp_path / "model.keras")


def test_a_truncated_model_file_is_refused(tiny_pack, tmp_path):
    file = shutil.copy(tiny_pack.model_file, tmp_path / "model.keras")
    file.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(ModelPackError, match="not a readable Keras model file"):
        check_keras_file(file)


def test_an_object_registered_under_keras_own_name_is_let_through(rewritten):
    check_keras_file(rewritten(with_layer(layer("Dense", registered_name="Dense"))))


@pytest.mark.parametrize("name", ["config.json", "metadata.json", "model.weights.h5"])
def test_a_part_that_is_missing_is_refused(tiny_pack, tmp_path, name):
    file = tmp_path / "model.keras"
    with zipfile.ZipFile(tiny_pack.model_file) as source, zipfile.ZipFile(file, "w") as target:
        for part in {*source.namelist()} - {name}:
            target.writestr(part, source.read(part))
    with pytest.raises(ModelPackError, match=r"Expected config\.json, metadata\.json"):
        check_keras_file(file)


@pytest.mark.parametrize("part", ["config.json", "model.weights.h5"])
def test_a_part_larger_than_a_network_needs_is_refused_before_it_unpacks(rewritten, part):
    file = rewritten()
    with zipfile.ZipFile(file, "a") as archive:
        archive.getinfo(part).file_size = 2_100_000_000
        archive.comment = b"the directory is written anew"
    with pytest.raises(ModelPackError, match="unpacks to more than a network can need"):
        check_keras_file(file)


def test_a_configuration_too_deep_to_be_one_is_refused(rewritten):
    deep = "[" * 100_000
    file = rewritten()
    parts = {"config.json": deep, "metadata.json": "{}", "model.weights.h5": ""}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(ModelPackError, match="not a readable Keras model file"):
        check_keras_file(file)


def test_a_changed_byte_in_a_compressed_configuration_is_noticed(tmp_path):
    file = tmp_path / "model.keras"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("config.json", "metadata.json", "model.weights.h5"):
            archive.writestr(name, json.dumps(list(range(99))))
    content = bytearray(file.read_bytes())
    begin = content.find(b"config.json") + len("config.json")
    content[begin : begin + 20] = b"\xff" * 20
    file.write_bytes(content)
    with pytest.raises(ModelPackError, match="not a readable Keras model file"):
        check_keras_file(file)

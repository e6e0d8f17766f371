import json
import logging
import os
import subprocess
import sys

import pytest

from btgui.engine.errors import TrainingError
from training.__main__ import main
from training.networks.back_end import check_back_end, compiled


def test_tensorflow_is_there_unless_another_is_named(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    check_back_end()
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    check_back_end()


def test_an_unknown_back_end_is_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(
        TrainingError, match=r"to be one of tensorflow, torch, jax, received 'theano'"
    ):
        check_back_end()


def test_one_that_is_not_installed_ends_a_command_with_a_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("training.networks.back_end.find_spec", lambda _name: None)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert main(["fit", str(tmp_path), "--output", str(tmp_path / "model")]) == 1
    assert "names jax, which is not installed. Install it" in capsys.readouterr().err


def test_a_keras_json_of_the_users_own_does_not_count(tmp_path):
    values = {"backend": "torch", "image_data_format": "channels_first", "floatx": "float16"}
    (tmp_path / "keras.json").write_text(json.dumps(values), encoding="utf-8")
    program = (
        "from training.networks.back_end import check_back_end\n"
        "check_back_end()\n"
        "from keras import backend, config\n"
        "print(backend.backend(), config.image_data_format(), config.floatx())"
    )
    environment = os.environ | {"KERAS_HOME": str(tmp_path)}
    environment.pop("KERAS_BACKEND", None)
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["tensorflow", "channels_last", "float32"]


def test_a_keras_that_was_started_with_another_is_told(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    monkeypatch.setattr("training.networks.back_end.find_spec", lambda _name: object())
    with pytest.raises(TrainingError, match="use torch, but it was already started with tens"):
        check_back_end()


def test_tensorflow_takes_memory_of_every_gpu_as_it_needs_it(monkeypatch):
    import tensorflow as tf

    grows = {"new": False, "in use": True}
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _kind: list(grows))
    monkeypatch.setattr(tf.config.experimental, "get_memory_growth", grows.__getitem__)
    told = []
    monkeypatch.setattr(
        tf.config.experimental, "set_memory_growth", lambda gpu, enable: told.append((gpu, enable))
    )
    check_back_end()
    assert told == [("new", True)]


def test_a_function_whose_source_text_is_not_there_is_compiled_without_a_word(caplog):
    """A packaged program has no source text."""
    keras = pytest.importorskip("keras")
    functions = {"__name__": "packaged"}
    exec(compile("def double(values): return 2 * values", "packaged.py", "exec"), functions)  # noqa: S102
    with caplog.at_level("WARNING"):
        logging.getLogger("tensorflow").addHandler(caplog.handler)
        made = compiled(functions["double"])(keras.ops.ones(()))
        logging.getLogger("tensorflow").removeHandler(caplog.handler)
    assert (float(made), caplog.messages) == (2, [])

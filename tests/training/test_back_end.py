import pytest

from btgui.engine.errors import TrainingError
from training.__main__ import main
from training.back_end import check_back_end


def test_tensorflow_is_there_unless_another_is_named(monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    check_back_end()
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    check_back_end()


def test_an_unknown_back_end_is_refused(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(TrainingError, match=r"one of tensorflow, torch, jax, received 'theano'"):
        check_back_end()


def test_one_that_is_not_installed_ends_a_command_with_a_sentence(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("training.back_end.find_spec", lambda _name: None)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert main(["fit", str(tmp_path), "--output", str(tmp_path / "model")]) == 1
    assert "names jax, which is not installed. Install it" in capsys.readouterr().err

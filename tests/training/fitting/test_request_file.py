import argparse
import json

import pytest

from btgui.engine.errors import TrainingError
from btgui.engine.training_request import RECOMMENDED, TrainingRequest
from tests.training.conftest import Teller
from training.__main__ import main
from training.commands.fit import _request
from training.fitting.request_file import read_request

REQUEST = TrainingRequest(("scans",), "model", "Trial")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "request.json"


def write(file, **changes):
    file.write_text(json.dumps(REQUEST.to_json() | changes), encoding="utf-8")
    return file


def test_what_was_written_is_read(file):
    assert read_request(write(file)) == REQUEST


def test_without_a_recipe_it_is_the_recommended_one(file):
    values = REQUEST.to_json()
    del values["recipe"]
    file.write_text(json.dumps(values), encoding="utf-8")
    assert read_request(file).recipe == RECOMMENDED


@pytest.mark.parametrize("command", ["fit", "preview"])
def test_a_part_of_a_recipe_is_refused_with_the_names_of_the_rest(file, command, capsys):
    recipe = REQUEST.to_json()["recipe"]
    del recipe["dropout"], recipe["mix_alpha"]
    write(file, recipe=recipe)
    into = ["--into", str(file.with_name("pictures"))] if command == "preview" else []
    assert main([command, "--request", str(file), *into]) == 1
    assert "received one without dropout, mix_alpha. Add these" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["resume", "keep_best"])
def test_a_run_that_goes_on_may_be_older_than_some_of_its_values(file, option):
    recipe = REQUEST.to_json()["recipe"]
    del recipe["mix_alpha"]
    options = {"request": write(file, recipe=recipe), "resume": False, "keep_best": False}
    asked = _request(argparse.Namespace(**options | {option: True}), Teller())
    assert asked == REQUEST


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"datasets": ["a"]}', '{"recipe": 3}'])
def test_what_is_no_request_is_told(file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match="Expected a training request in"):
        read_request(file)


def test_a_file_that_is_not_there_is_told(file):
    with pytest.raises(TrainingError, match="cannot be read"):
        read_request(file)

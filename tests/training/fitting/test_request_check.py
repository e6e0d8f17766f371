from dataclasses import fields, replace
from math import inf, nan

import pytest

from btgui.engine.errors import DatasetError, RequestError, TrainingError
from btgui.engine.paths import shipped_models_folder
from btgui.engine.training_request import PRESETS, RECOMMENDED, Recipe, TrainingRequest
from training.fitting.request_check import _RANGES, check_files, check_values

REQUEST = TrainingRequest(datasets=("scans",), output="model", name="model", weights="none")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_presets_pass(preset):
    check_values(replace(REQUEST, recipe=preset))


def test_every_number_of_a_recipe_has_a_range():
    switches = {"cosine_decay", "mixed_precision", "class_weights", "bias_correction"}
    assert set(_RANGES) == {field.name for field in fields(Recipe)} - switches


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"dropout": 1.5}, "dropout to be a number, 0 to 0.99; received 1.5"),
        ({"learning_rate": nan}, "learning_rate to be a number, 1e-09 to 1; received nan"),
        ({"learning_rate": "fast"}, "received 'fast'"),
        ({"warmup_epochs": inf}, "warmup_epochs to be a number, 0 or more; received inf"),
        ({"mix_alpha": -1}, "mix_alpha to be a number, 0 to 10; received -1"),
        ({"epochs": 2.5}, "epochs to be a whole number, 1 or more; received 2.5"),
        ({"frozen_stages": 9}, "frozen_stages to be a whole number, 0 to 5; received 9"),
        ({"epochs": None}, "epochs to be a whole number, 1 or more; received None"),
        ({"cosine_decay": "false"}, "cosine_decay to be true or false; received 'false'"),
        ({"class_weights": 0}, "class_weights to be true or false; received 0"),
        ({"bias_correction": None}, "bias_correction to be true or false; received None"),
        ({"patience": None}, None),
    ],
)
def test_numbers_that_mean_nothing_are_refused_by_name(wrong, words):
    request = replace(REQUEST, recipe=replace(RECOMMENDED, **wrong))
    if words is None:
        check_values(request)
        return
    with pytest.raises(RequestError, match=words):
        check_values(request)


def test_an_unknown_architecture_is_refused():
    with pytest.raises(TrainingError, match="received 'resnet'"):
        check_values(replace(REQUEST, architecture="resnet"))


@pytest.mark.parametrize("seeds", [{"seed": -1}, {"split_seed": 2**32}])
def test_seeds_that_no_generator_takes_are_refused(seeds):
    with pytest.raises(TrainingError, match="seed to be a whole number, 0 to 4294967295; received"):
        check_values(replace(REQUEST, **seeds))


def test_a_model_of_other_classes_or_another_network_is_no_start():
    shipped = shipped_models_folder() / "mobilenetv2"
    fitting = replace(REQUEST, weights=str(shipped), architecture="mobilenetv2")
    check_files(fitting, ("glioma", "meningioma", "notumor", "pituitary"))
    with pytest.raises(TrainingError, match="but the data set has cyst, normal"):
        check_files(fitting, ("cyst", "normal"))
    with pytest.raises(TrainingError, match="but VGG19 is to be trained"):
        check_files(replace(fitting, architecture="vgg19"), ("cyst", "normal"))


def test_a_folder_that_is_no_model_and_a_file_that_is_not_there_are_no_start(tmp_path):
    with pytest.raises(TrainingError, match="cannot be fine-tuned"):
        check_files(replace(REQUEST, weights=str(tmp_path)), ("a", "b"))
    with pytest.raises(TrainingError, match="does not exist"):
        check_files(replace(REQUEST, weights=str(tmp_path / "typo.h5")), ("a", "b"))
    with pytest.raises(DatasetError, match="was not found"):
        check_files(replace(REQUEST, masks=str(tmp_path / "typo.csv")), ("a", "b"))


def test_outlines_of_other_scans_are_refused(tmp_path):
    (tmp_path / "masks.csv").write_text("image,mask\nno.png,no.png\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"No scan named in masks\.csv"):
        check_files(replace(REQUEST, masks=str(tmp_path / "masks.csv")), ("a", "b"))


@pytest.mark.parametrize("name", ["validation_fraction", "test_fraction"])
@pytest.mark.parametrize("share", [-0.1, 2, nan, "half"])
def test_fractions_that_mean_nothing_are_refused(name, share):
    with pytest.raises(TrainingError, match=f"Expected {name} to be a number, 0 to 0.9; received"):
        check_values(replace(REQUEST, **{name: share}))


def test_a_file_that_holds_no_weights_of_the_network_is_refused(tmp_path, tiny_architecture):
    file = tmp_path / "notes.weights.h5"
    file.write_text("no weights")
    request = replace(REQUEST, architecture=tiny_architecture, weights=str(file))
    with pytest.raises(RequestError, match=r"Expected notes\.weights\.h5 to hold the weights"):
        check_files(request, ("a", "b"))

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from btgui.engine.training_request import (
    AS_PUBLISHED,
    PRESETS,
    RECOMMENDED,
    Recipe,
    TrainingRequest,
)

REQUEST = TrainingRequest(
    datasets=("/home/someone/scans",),
    output="/home/someone/models/mine",
    name="Mine",
    weights="/home/someone/weights.h5",
    added=(("/home/someone/more/healthy", "notumor"),),
    masks="/home/someone/masks.csv",
    left_out=("/home/someone/scans/a/1.png",),
    display_names=(("notumor", "Healthy"),),
)


def test_a_request_survives_json():
    assert TrainingRequest.from_json(json.loads(json.dumps(REQUEST.to_json()))) == REQUEST


def test_the_published_recipe_is_the_published_one():
    assert Recipe() == AS_PUBLISHED
    assert (AS_PUBLISHED.epochs, AS_PUBLISHED.batch_size, AS_PUBLISHED.learning_rate) == (
        25,
        32,
        1e-4,
    )
    assert (AS_PUBLISHED.dropout, AS_PUBLISHED.rotation_degrees) == (0.4, 10.0)
    assert (AS_PUBLISHED.shift_fraction, AS_PUBLISHED.flip_probability) == (0.05, 0.5)
    assert AS_PUBLISHED.mask_loss_weight == AS_PUBLISHED.label_smoothing == 0
    assert RECOMMENDED != AS_PUBLISHED


def test_the_card_s_form_holds_no_path_of_the_computer():
    text = json.dumps(REQUEST.without_paths())
    assert "/home" not in text
    assert "weights.h5" in text
    assert "healthy" in text


def test_no_data_set_is_without_a_name_in_the_card():
    request = replace(REQUEST, datasets=(Path.cwd().anchor, "data/heads"))
    assert request.without_paths()["datasets"][1] == "heads"
    assert request.without_paths()["datasets"][0]


def test_an_added_folder_is_named_with_the_one_above_it_unless_that_is_the_user_s_own():
    assert REQUEST.without_paths()["added"] == (("more/healthy", "notumor"),)
    own = replace(REQUEST, added=((str(Path.home() / "glioma"), "glioma"),))
    assert own.without_paths()["added"] == (("glioma", "glioma"),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"protocol": "quick"}, "among honest"),
        ({"speed": "fast"}, "speed"),
        ({"recipe": {"epoch": 3}}, "epoch"),
    ],
)
def test_an_unknown_name_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        TrainingRequest.from_json(REQUEST.to_json() | change)


@pytest.mark.parametrize("values", [3, None, [{}], "text"])
def test_what_is_no_json_object_is_refused(values):
    with pytest.raises(ValueError, match="JSON object"):
        TrainingRequest.from_json(values)


def test_a_missing_name_is_refused():
    values = REQUEST.to_json()
    del values["output"]
    with pytest.raises(ValueError, match="output"):
        TrainingRequest.from_json(values)


def test_what_is_left_out_has_the_recommended_values():
    request = TrainingRequest.from_json({"datasets": ["a"], "output": "b", "name": "c"})
    assert request == TrainingRequest(("a",), "b", "c")
    assert request.recipe == RECOMMENDED
    assert request.protocol == "honest"


@pytest.mark.parametrize("weights", ["imagenet", "none"])
def test_weights_that_are_no_file_are_named_as_they_are(weights):
    assert replace(REQUEST, weights=weights).without_paths()["weights"] == weights


def test_no_masks_stay_none():
    assert replace(REQUEST, masks=None).without_paths()["masks"] is None


def test_every_preset_has_fractions_and_probabilities_within_their_range():
    for recipe in PRESETS.values():
        shares = {
            k: v for k, v in asdict(recipe).items() if k.endswith(("fraction", "probability"))
        }
        assert shares
        assert all(0 <= value <= 1 for value in shares.values())


@pytest.mark.parametrize("change", [{"recipe": [1]}, {"added": [["one"]]}, {"datasets": None}])
def test_a_value_of_another_kind_is_refused(change):
    with pytest.raises(ValueError, match="expected"):
        TrainingRequest.from_json(REQUEST.to_json() | change)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"datasets": "/scans"}, "datasets must be a list, received '/scans'"),
        ({"datasets": ["a"], "left_out": "b"}, "left_out must be a list"),
        ({"datasets": ["a"], "name": ["b"]}, "name must be a string"),
        ({"datasets": ["a"], "masks": ["m.csv"]}, "masks must be a string or null, received"),
    ],
)
def test_a_text_in_the_place_of_a_list_is_refused(values, words):
    with pytest.raises(ValueError, match=words):
        TrainingRequest.from_json({"output": "model", "name": "Model"} | values)

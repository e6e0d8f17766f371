from dataclasses import replace

import pytest

from btgui.engine.preprocessing import PLAIN, PreprocessingParameters
from btgui.engine.training_request import RECOMMENDED, TrainingRequest
from training.augmenting.augmentation import without_augmentation
from training.comparison.ablations import Ablation, commands_for, describe, find_ablations

REQUEST = TrainingRequest(datasets=("made",), output="with", name="With")
STILL = replace(REQUEST, name="Still", output="still", recipe=without_augmentation(RECOMMENDED))


@pytest.fixture
def trained(contender):
    """Return a function that makes a contender trained as requested."""

    def make(mark, request, **changes):
        return contender(
            mark,
            training={"request": request.without_paths()},
            preprocessing=request.preprocessing,
            **changes,
        )

    return make


def test_models_that_differ_in_augmentation_only_are_a_pair_in_any_order(trained):
    first, second = trained("A", REQUEST), trained("B", STILL)
    assert find_ablations([first, second]) == [Ablation("augmentation", 0, 1)]
    assert find_ablations([second, first]) == [Ablation("augmentation", 1, 0)]


def test_models_that_differ_in_preprocessing_only_are_a_pair(trained):
    plain = replace(REQUEST, name="Plain", preprocessing=PLAIN)
    pair = [trained("A", plain), trained("B", REQUEST)]
    assert find_ablations(pair) == [Ablation("preprocessing", 1, 0)]


@pytest.mark.parametrize(
    "other",
    [
        REQUEST,
        replace(STILL, seed=2),
        replace(STILL, recipe=replace(STILL.recipe, epochs=3)),
        replace(STILL, preprocessing=PLAIN),
        replace(REQUEST, recipe=replace(RECOMMENDED, flip_probability=0.0)),
        replace(REQUEST, preprocessing=PreprocessingParameters(colormap="none")),
    ],
    ids=["nothing", "seed too", "epochs too", "both", "one value of many", "colours only"],
)
def test_models_that_differ_in_more_or_in_less_are_no_pair(trained, other):
    assert find_ablations([trained("A", REQUEST), trained("B", other)]) == []


def test_models_trained_on_other_scans_of_the_same_name_are_no_pair(trained):
    other = trained("B", STILL, dataset_fingerprint="1" * 64)
    assert find_ablations([trained("A", REQUEST), other]) == []


def test_a_card_from_before_some_value_was_recorded_still_pairs(trained, contender):
    older = REQUEST.without_paths()
    del older["preprocessing"]["crop_to_head"]
    del older["recipe"]["head_epochs"]
    first = contender("A", training={"request": older}, preprocessing=REQUEST.preprocessing)
    assert find_ablations([first, trained("B", STILL)]) == [Ablation("augmentation", 0, 1)]


def test_the_commands_train_the_first_models_network(trained):
    vgg = trained("A", replace(REQUEST, architecture="vgg19"))
    with_it, without_it = commands_for("preprocessing", vgg)
    assert "--architecture vgg19" in with_it
    assert "--no-" not in with_it
    assert "--no-preprocessing" in without_it


def test_preprocessing_is_described_in_words():
    assert describe(PLAIN) == "none"
    assert describe(PreprocessingParameters()) == "as published"
    assert describe(PreprocessingParameters(crop_to_head=False)) == "without crop"

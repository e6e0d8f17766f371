import json
from dataclasses import replace

import pytest

from btgui.engine.errors import ModelPackError
from training.comparison.contenders import open_contenders


@pytest.fixture
def copy_of(tiny_pack, tmp_path):
    """Return a function that writes a copy of the small pack with another card."""
    from btgui.engine.models.pack import write_pack

    def make(folder, **changes):
        card = replace(tiny_pack.card, **{"id": folder} | changes)
        return write_pack(tmp_path / folder, card, tiny_pack.model_file).folder

    return make


def test_models_get_letters_and_those_of_one_name_are_told_apart_by_id(copy_of):
    folders = [copy_of("one"), copy_of("two"), copy_of("three", name="Another")]
    opened = open_contenders(folders)
    assert [one.mark for one in opened] == ["A", "B", "C"]
    assert [one.label for one in opened] == ["one", "two", "Another"]


def test_the_same_model_twice_is_refused(copy_of, tiny_pack):
    with pytest.raises(ModelPackError, match=r"small and again are the same model, small\."):
        open_contenders([tiny_pack.folder, copy_of("again", id="small")])


@pytest.mark.parametrize("count", [0, 1, 27])
def test_too_few_and_too_many_are_refused(tmp_path, count):
    with pytest.raises(ModelPackError, match=f"Expected 2 to 26 models.*received {count}"):
        open_contenders([tmp_path] * count)


def test_models_of_other_classes_are_refused_by_name(copy_of, tiny_pack):
    other = copy_of("other", classes=("cyst", "none"), display_names=("Cyst", "None"))
    with pytest.raises(ModelPackError, match=r"knows glioma, .*\(other\) knows cyst, none"):
        open_contenders([tiny_pack.folder, other])


def test_a_model_that_cannot_be_read_is_named(copy_of, tiny_pack):
    broken = copy_of("broken")
    (broken / "model.keras").write_bytes(b"changed")
    with pytest.raises(ModelPackError, match=r"broken cannot be compared\. .*changed or damaged"):
        open_contenders([tiny_pack.folder, broken])


def test_what_the_card_records_of_the_training(contender):
    history = {"loss": [1.0, 0.5], "accuracy": [0.5, 0.75]}
    recorded = contender(
        training={
            "request": {
                "protocol": "honest",
                "datasets": ["scans"],
                "added": [["more", "glioma"]],
                "weights": "imagenet",
            },
            "seconds": 90,
            "history": history,
        }
    )
    assert (recorded.protocol, recorded.protocol_words) == ("honest", "honest")
    assert (recorded.trained_on, recorded.weights) == (("scans",), "imagenet")
    assert recorded.trained_on_words == "scans and an added folder"
    assert (recorded.seconds, recorded.history) == (90.0, history)


@pytest.mark.parametrize(
    "training",
    [
        {},
        {"request": None, "averaged": None},
        {"request": {"datasets": 5, "added": "x"}, "history": {"loss": []}},
        {"history": "none", "seconds": "long", "averaged": 1},
        {"history": {"loss": ["low"]}},
    ],
)
def test_a_card_that_records_nothing_counts_as_published_and_says_so(contender, training):
    older = contender(training=training)
    assert (older.protocol, older.protocol_words) == ("published", "not recorded, so published")
    assert (older.trained_on, older.weights) == ((), "not recorded")
    assert older.trained_on_words == "not recorded"
    assert (older.seconds, older.history, older.request) == (None, {}, None)


def test_an_average_has_no_request_of_its_own(contender, request_for):
    training = {"request": request_for().without_paths(), "averaged": ["one", "two"]}
    average = contender(training=json.loads(json.dumps(training)))
    assert average.request is None
    assert average.weights == "average of 2 models"

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btgui.engine.errors import ModelPackError
from btgui.engine.feature_grid import FeatureGrid, GridAxis
from btgui.engine.models.card import ModelCard, id_of

FIGURES = {"count": 1, "recall": 0.5, "precision": None, "f1": 0.5}


@pytest.fixture(scope="module")
def card(tiny_pack):
    return tiny_pack.card


def test_a_card_survives_json(card):
    assert ModelCard.from_json(json.loads(json.dumps(card.to_json()))) == card


def test_a_card_states_where_cells_look_unless_they_are_even(card):
    looking = FeatureGrid(GridAxis(0.1, 0.25, 4), GridAxis(0.2, 0.3, 3))
    first, *others = card.stages
    stated = replace(card, stages=(replace(first, grid=looking), *others))
    read = ModelCard.from_json(json.loads(json.dumps(stated.to_json())))
    assert [stage.grid for stage in read.stages] == [looking, *[None] * len(others)]
    older = ModelCard.from_json(
        card.to_json() | {"stages": [{"label": "Stage 1", "layer": "stage1"}]}
    )
    assert older.stages[0].grid is None
    assert [one.has_even_cells for one in (older, card, read)] == [True, True, False]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format_version": 2}, "Update the application"),
        ({"id": "../up"}, "an ID of lower-case letters"),
        ({"id": 7}, "expected id to be a str, received 7"),
        ({"classes": ["only"], "display_names": ["Only"]}, "at least two classes"),
        ({"classes": ["a", "a"], "display_names": ["A", "A"]}, "different class names"),
        ({"display_names": ["One"]}, "one display name per class"),
        ({"stages": []}, "at least one Grad-CAM stage"),
        ({"temperature": 0}, "a temperature above 0"),
        ({"temperature": "warm"}, "cannot be understood"),
        ({"temperature": "1.5"}, "a temperature that is a number"),
        ({"temperature": 10**400}, "cannot be understood"),
        ({"temperature": float("inf")}, "a temperature above 0"),
        ({"temperature": float("nan")}, "a temperature above 0"),
        ({"classes": [1, 2, 3, 4]}, "class names as text"),
        ({"display_names": ["A", "B", None, "D"]}, "class names as text"),
        ({"stages": [{"label": "One", "layer": 1}]}, "labels and layers of stages as text"),
        ({"stages": [{"label": "x"}]}, "cannot be understood"),
        ({"stages": ["x"]}, "cannot be understood"),
        ({"stages": [{"label": "x", "layer": "x", "grid": {}}]}, "cannot be understood"),
        ({"stages": [{"label": "x", "layer": "x", "grid": [1, 2]}]}, "cannot be understood"),
        ({"preprocessing": {"input_height": "big"}}, "cannot be understood"),
        ({"files": []}, "expected files to be a dict"),
        ({"name": None}, "expected name to be a str, received None"),
        ({"name": " "}, "expected a name"),
        ({"name": "x" * 1001}, "names of at most 1000 characters"),
        ({"display_names": ["A", "B", "C", "x" * 1001]}, "names of at most 1000 characters"),
        ({"stages": [{"label": "x" * 1001, "layer": "stage1"}]}, "at most 1000 characters"),
        ({"surprise": 1}, "unknown ['surprise']"),
    ],
)
def test_what_does_not_make_sense_is_refused_with_what_was_expected(card, change, words):
    with pytest.raises(ModelPackError) as refused:
        ModelCard.from_json(card.to_json() | change)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new-model", "net-1-new-model"),
        ("Mein Modell Ä", "net-1-mein-modell-a"),
        ("Größe / 2..", "net-1-grosse-2"),
        ("", "net-1-e3b0c442"),
        ("--", "net-1-d8156bae"),
        ("Модель 1", "net-1-1-db8efbe1"),
    ],
)
def test_any_name_makes_an_id_that_a_card_may_have(card, name, expected):
    made = id_of("net-1", name)
    replace(card, id=made).check()
    assert made == expected


def test_long_names_make_ids_of_their_own(card):
    first, second = (id_of("mobilenetv2-20260101", "ä" * 200 + end) for end in "ab")
    assert first != second
    for made in (first, second):
        assert len(made) == 80
        replace(card, id=made).check()


def test_what_is_missing_is_named(card):
    values = card.to_json()
    del values["stages"]
    with pytest.raises(ModelPackError, match="missing \\['stages'\\]"):
        ModelCard.from_json(values)


def test_an_unknown_protocol_is_refused(card):
    odd = replace(card.results[0], protocol="hopeful")
    with pytest.raises(ModelPackError, match="protocols among honest, published"):
        replace(card, results=(odd,)).check()


def test_an_honest_result_is_shown_before_a_published_one(card):
    honest = card.results[0]
    published = replace(honest, protocol="published", accuracy=0.99)
    assert replace(card, results=(published, honest)).main_result == honest
    assert replace(card, results=()).main_result is None


def test_a_result_without_a_scan_of_some_class_is_no_model_s_main_one(card):
    whole = card.results[0]
    counts = {name: {"count": 5} for name in card.classes}
    partly = replace(whole, per_class=counts | {card.classes[0]: {"count": 0}}, accuracy=1.0)
    assert partly.untested == card.classes[:1]
    assert replace(card, results=(partly, whole)).main_result == whole
    assert replace(card, results=(partly,)).main_result is None


@pytest.mark.parametrize("request_recorded", [{}, {"request": None}, {"request": "honest"}])
def test_what_recorded_no_request_counts_as_published(card, request_recorded):
    without = replace(card, training=request_recorded)
    assert without.request == {}
    assert (card.protocol, without.protocol) == ("honest", "published")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=150)
@given(data=st.data(), value=JSON)
def test_any_value_in_any_place_is_read_or_refused_in_words(tiny_pack, data, value):
    values = tiny_pack.card.to_json()
    values[data.draw(st.sampled_from(sorted(values)))] = value
    try:
        read = ModelCard.from_json(values)
    except ModelPackError:
        return
    assert read.main_result is None or read.main_result.count >= 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "many"},
        {"accuracy": "high"},
        {"correct": None},
        {"interval": [0.9]},
        {"per_class": {"a": FIGURES | {"count": None}}},
        {"per_class": {"a": FIGURES | {"recall": "high"}}},
        {"per_class": {"a": {"count": 1}}},
        {"leak_free": {"count": 1}},
        {"leak_free": {"count": "some", "accuracy": 0.5}},
        {"expected_calibration_error": "small"},
        {"accuracy": 94.2},
        {"accuracy": float("nan")},
        {"interval": [-0.1, 0.9]},
        {"count": float("inf")},
        {"correct": -1},
        {"per_class": {"a": FIGURES | {"recall": float("nan")}}},
        {"leak_free": {"count": 3, "accuracy": float("nan")}},
        {"expected_calibration_error": float("inf")},
    ],
)
def test_a_result_that_is_not_in_numbers_is_refused(card, wrong):
    values = card.to_json()
    results = [values["results"][0] | wrong]
    with pytest.raises(ModelPackError, match="results as numbers"):
        ModelCard.from_json(values | {"results": results})


@pytest.mark.parametrize("rows", [[[1, 2], [3, 4]], [[1] * 5] * 4, [[-1] * 4] * 4, [["1"] * 4] * 4])
def test_a_confusion_matrix_that_does_not_fit_the_classes_is_refused(card, rows):
    values = card.to_json()
    results = [values["results"][0] | {"confusion": rows}]
    with pytest.raises(ModelPackError, match="one row and one column per class"):
        ModelCard.from_json(values | {"results": results})


@pytest.mark.parametrize("values", [None, [], "card", 1])
def test_what_is_no_object_is_no_card(values):
    with pytest.raises(ModelPackError, match="to be a JSON object"):
        ModelCard.from_json(values)


@pytest.mark.parametrize("name", ["notes", "reference_logits", "novelty_limit"])
def test_what_cards_of_before_did_not_have_may_be_left_out(card, name):
    values = card.to_json()
    del values[name]
    assert ModelCard.from_json(values) == card


@pytest.mark.parametrize(
    "rows", [[[1, 2, 3, 4]], [[1, 2], [3, 4]], [[1, 2, 3, "4"]] * 2, [[1, 2, 3, float("nan")]] * 2]
)
def test_a_reference_of_another_form_is_refused(card, rows):
    with pytest.raises(ModelPackError, match="reference logits"):
        ModelCard.from_json(card.to_json() | {"reference_logits": rows})


@pytest.mark.parametrize("limit", [0.0, 1e-300, -0.1, "0.4", True, float("nan"), float("inf")])
def test_a_novelty_limit_of_another_kind_is_refused(card, limit):
    assert ModelCard.from_json(card.to_json() | {"novelty_limit": 0.4}).novelty_limit == 0.4
    with pytest.raises(ModelPackError, match="a novelty limit that is a number of at least 1e-06"):
        ModelCard.from_json(card.to_json() | {"novelty_limit": limit})


def test_the_healthy_class_is_known_by_its_name_or_what_it_is_called(card):
    named = replace(card, classes=("glioma", "no_tumor"), display_names=("Glioma", "Nothing found"))
    assert named.healthy_index == 1
    called = replace(card, classes=("a", "b"), display_names=("Healthy", "Tumour"))
    assert called.healthy_index == 0
    assert replace(card, classes=("a", "b"), display_names=("A", "B")).healthy_index is None


def test_a_figure_that_is_not_defined_is_read_back_as_that(card):
    figures = {card.classes[0]: {"count": 0, "recall": None, "precision": None, "f1": None}}
    result = replace(card.results[0], per_class=figures)
    written = json.dumps(replace(card, results=(result,)).to_json())
    assert ModelCard.from_json(json.loads(written)).results[0].per_class == figures


def test_specificity_is_of_the_scans_of_other_classes(card):
    result = replace(card.results[0], confusion=[[8, 2, 0], [1, 3, 0], [0, 0, 6]])
    assert [result.specificity(place) for place in range(3)] == [0.9, 0.875, 1.0]


@pytest.mark.parametrize(
    ("confusion", "place"),
    [([], 0), ([[5, 1], [0, 0]], 0), ([[5], [3, 1]], 1)],
    ids=["no matrix", "no scans of others", "too short a row"],
)
def test_without_scans_of_other_classes_there_is_no_specificity(card, confusion, place):
    assert replace(card.results[0], confusion=confusion).specificity(place) is None

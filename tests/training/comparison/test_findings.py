import json

import numpy as np
import pytest

from training.comparison.findings import class_figures, to_json, weighted
from training.comparison.tables import classes_table
from training.evaluating.evaluation import wilson_interval
from training.reports.page import NONE

TRUE = [0, 0, 0, 1, 1, 2, 3, 3]
FIRST = [0, 0, 1, 1, 0, 2, 3, 2]
SECOND = [0, 0, 0, 1, 0, 2, 3, 3]


def test_weighted_figures_are_scikit_learns(comparison):
    from sklearn.metrics import precision_recall_fscore_support

    model = comparison(TRUE, FIRST, SECOND).models[0]
    expected = precision_recall_fscore_support(TRUE, FIRST, average="weighted")
    figures = weighted(model)
    found = [figures[name].value for name in ("precision", "recall", "f1")]
    assert found == pytest.approx(expected[:3])
    assert figures["recall"].value == pytest.approx(model.result.accuracy)


def test_figures_of_a_class_have_intervals_of_their_own_counts(comparison):
    one = class_figures(comparison(TRUE, FIRST, SECOND).models[0])["glioma"]
    assert (one.count, one.recall, one.precision) == (3, pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert one.recall_interval == wilson_interval(2, 3)
    two = class_figures(comparison(TRUE, FIRST, SECOND).models[0])["notumor"]
    assert (two.recall, two.precision) == (1, 0.5)
    assert two.precision_interval == wilson_interval(1, 2)


def test_a_class_that_was_not_tested_has_no_figures(findings):
    made = findings([0, 0, 1], [0, 3, 1], [0, 0, 1])
    first = class_figures(made.comparison.models[0])["pituitary"]
    assert (first.count, first.said, first.recall, first.precision) == (0, 1, None, 0)
    second = class_figures(made.comparison.models[1])["pituitary"]
    assert (second.recall, second.precision, second.f1) == (None, None, None)
    json.dumps(to_json(made), allow_nan=False)
    assert classes_table(made.comparison).count(f"<td>{NONE}</td>") == 1 + 3 + 6


def test_all_numbers_survive_json(findings):
    made = findings(TRUE, FIRST, SECOND, leaked=[True] + [False] * 7)
    read = json.loads(json.dumps(to_json(made), allow_nan=False))
    assert [model["mark"] for model in read["models"]] == ["A", "B"]
    assert read["models"][0]["result"]["correct"] == 5
    assert read["models"][0]["milliseconds"]["median"] == 2.0
    (pair,) = read["paired_tests"]
    assert (pair["first"], pair["second"], pair["only_second"]) == ("A", "B", 2)
    assert read["shared_errors"]["combinations"][0] == {"models": ["A"], "scans": 2}
    assert read["scans"][2] == {
        "scan": "made/02.png",
        "true": "glioma",
        "has_copy": False,
        "said": {"A": "meningioma", "B": "glioma"},
        "probability": {"A": 0.7, "B": 0.7},
    }
    assert read["published"]["protocol"] == "published"
    assert {one["name"]: one["accuracy"] for one in read["published"]["models"]} == {
        "ResNet-50": 0.9870,
        "Xception": 0.9863,
        "InceptionV3": 0.9855,
        "NASNetLarge": 0.9756,
        "VGG19": 0.9718,
        "MobileNetV2": 0.9515,
    }


def test_right_is_where_what_was_said_is_true(comparison):
    made = comparison(TRUE, FIRST, SECOND)
    assert np.array_equal(made.right, np.array([FIRST, SECOND]) == np.array(TRUE))

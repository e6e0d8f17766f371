import json

import numpy as np
import pytest

from training.comparison.findings import class_figures, to_json, weighted
from training.comparison.tables import classes_table
from training.evaluating.evaluation import Estimate, wilson_interval
from training.reports.page import NONE

TRUE = [0, 0, 0, 1, 1, 2, 3, 3]
FIRST = [0, 0, 1, 1, 0, 2, 3, 2]
SECOND = [0, 0, 0, 1, 0, 2, 3, 3]


def test_weighted_figures_are_scikit_learns(comparison):
    from sklearn.metrics import precision_recall_fscore_support

    made = comparison(TRUE, FIRST, SECOND)
    model = made.models[0]
    expected = precision_recall_fscore_support(TRUE, FIRST, average="weighted")
    figures = weighted(made, model)
    found = [figures[name].value for name in ("precision", "recall", "f1")]
    assert found == pytest.approx(expected[:3])
    assert figures["recall"].value == pytest.approx(model.result.accuracy)


def test_figures_of_a_class_have_intervals_of_their_own_counts(comparison):
    made = comparison(TRUE, FIRST, SECOND)
    figures = class_figures(made, made.models[0])
    one, two = figures["glioma"], figures["notumor"]
    assert one["recall"] == Estimate(pytest.approx(2 / 3), *wilson_interval(2, 3))
    assert one["precision"].value == pytest.approx(2 / 3)
    assert two["recall"].value == 1
    assert two["precision"] == Estimate(0.5, *wilson_interval(1, 2))


def test_scans_of_one_patient_make_every_interval_and_test_wider(findings):
    true = [0, 1, 2, 3] * 10
    first = [*true[:30], *[3, 2, 1, 0, 3, 2, 1, 0, 3, 2]]
    second = [0] * 40
    patients = [str(scan // 8) for scan in range(40)]
    alone, together = (
        findings(true, first, second),
        findings(true, first, second, patients=patients),
    )
    for name in ("recall", "precision", "f1"):
        one, two = (
            class_figures(made.comparison, made.comparison.models[0])["glioma"][name]
            for made in (alone, together)
        )
        assert one.value == two.value
        assert two.high - two.low > one.high - one.low
    one, two = (made.comparison.models[0].result.interval for made in (alone, together))
    assert two[1] - two[0] > one[1] - one[0]
    assert together.tests[0].p_value > alone.tests[0].p_value
    assert to_json(together)["patients"]["words"] == "5 patients"
    assert (alone.test, together.test) == (
        "McNemar's exact test by scan",
        "McNemar's exact test by patient",
    )


def test_a_class_that_was_not_tested_has_no_figures(findings):
    made = findings([0, 0, 1], [0, 3, 1], [0, 0, 1])
    first, second = (model["by_class"]["pituitary"] for model in to_json(made)["models"])
    assert (first["count"], first["said"], first["recall"], first["precision"]) == (0, 1, None, 0)
    assert (second["recall"], second["precision"], second["f1"]) == (None, None, None)
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
        "scan": 3,
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

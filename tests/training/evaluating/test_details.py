from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from training.calibration import calibration_gap
from training.evaluating.details import against, reliability, scan_rows
from training.evaluating.evaluation import Readings
from training.evaluating.patients import Patients, patients_of

CLASSES = ("a", "b")


def readings(tmp_path, labels, probabilities, names=None):
    names = names or [f"{n}.png" for n in range(len(labels))]
    scans = [
        LabelledScan(tmp_path / name, CLASSES[label], "test", "x")
        for name, label in zip(names, labels, strict=True)
    ]
    first = np.array(probabilities)
    return Readings(scans, np.stack([first, 1 - first], axis=1), np.array(labels), [])


def pack(name):
    return SimpleNamespace(card=SimpleNamespace(name=name, id=name.lower(), classes=CLASSES))


def test_a_row_says_what_a_scan_is_and_what_was_said(tmp_path):
    made = readings(tmp_path, [0, 1], [0.9, 0.8])
    first, second = (str(tmp_path / name) for name in ("0.png", "1.png"))
    expected = [
        {"path": first, "is": "a", "said": "a", "probabilities": [0.9, 0.1], "novelty": None},
        {"path": second, "is": "b", "said": "a", "probabilities": [0.8, 0.2], "novelty": None},
    ]
    assert scan_rows(made, CLASSES) == expected
    rows = scan_rows(replace(made, novelty=np.array([0.5, 1.5])), CLASSES)
    assert [row["novelty"] for row in rows] == [0.5, 1.5]


def test_the_reliability_diagram_has_the_bins_that_hold_scans(tmp_path):
    # 0.94 and 0.98 share a bin, one of the two is right; 0.55 is alone, and right.
    bins = reliability(readings(tmp_path, [0, 1, 0], [0.94, 0.98, 0.55]))
    assert bins == [
        {"probability": pytest.approx(0.55), "right": 1.0, "count": 1},
        {"probability": pytest.approx(0.96), "right": 0.5, "count": 2},
    ]


def test_the_diagram_and_the_calibration_error_have_the_same_bins(tmp_path):
    # 0.61 and 0.68 lie in one tenth but in two fifteenths.
    made = readings(tmp_path, [0, 1], [0.61, 0.68])
    bins = reliability(made)
    error = sum(one["count"] * abs(one["probability"] - one["right"]) for one in bins) / 2
    right = made.probabilities.argmax(axis=1) == made.labels
    assert error == pytest.approx(calibration_gap(made.probabilities.max(axis=1), right))


def test_a_probability_of_one_has_a_bin(tmp_path):
    assert reliability(readings(tmp_path, [0], [1.0]))[0]["count"] == 1


def test_two_models_are_compared_class_by_class_on_the_scans_that_both_read(tmp_path):
    # On 0 to 5, all of class a, the first alone is right; 6 and 7 both get right.
    labels = [0] * 6 + [1] * 2
    first = readings(tmp_path, labels, [0.9] * 6 + [0.1] * 2)
    second = readings(tmp_path, labels[1:], [0.1] * 7, names=[f"{n}.png" for n in range(1, 8)])
    patients = patients_of(first.scans)
    found = against((pack("Mine"), first), (pack("Theirs"), second), patients)
    assert (found["model"], found["model_id"]) == ("Theirs", "theirs")
    assert found["parts"]["a"] == {
        "count": 5,
        "first": 1.0,
        "second": 0.0,
        # Corrected for three questions: of all, of a and of b.
        "p_value": pytest.approx(3 * 2 * 0.5**5),
    }
    assert found["parts"]["b"] == {"count": 2, "first": 1.0, "second": 1.0, "p_value": 1.0}
    assert found["parts"]["all"]["count"] == 7
    # Where all scans are of one patient, nothing tells whether the next would be alike.
    one = Patients(np.zeros(8, np.int64), np.ones(8, bool))
    alike = against((pack("Mine"), first), (pack("Theirs"), second), one)
    assert alike["parts"]["a"] == found["parts"]["a"] | {"p_value": 1.0}


def test_a_class_called_all_has_a_row_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.CLASSES", ("all", "b"))
    made = readings(tmp_path, [0, 1, 1], [0.9, 0.1, 0.1])
    parts = against((pack("Mine"), made), (pack("Theirs"), made), patients_of(made.scans))["parts"]
    assert {name: part["count"] for name, part in parts.items()} == {
        "all classes": 3,
        "all": 1,
        "b": 2,
    }


def test_a_class_without_scans_is_told_as_such(tmp_path):
    only = readings(tmp_path, [0], [0.9])
    assert (
        against((pack("A"), only), (pack("B"), only), patients_of(only.scans))["parts"]["b"][
            "count"
        ]
        == 0
    )

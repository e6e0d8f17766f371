from pathlib import Path

import numpy as np
import pytest

from training.dataset import LabelledScan
from training.evaluation import Readings, measure, wilson_interval


def test_wilson_interval_against_published_values():
    # Newcombe 1998, Table I, method 3: 81/263 and 0/20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_figures_by_hand():
    # Truth a a a b; said a a b b.
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]])
    labels = np.array([0, 0, 0, 1])
    scans = [
        LabelledScan(Path(str(i)), "ab"[label], "test", "made") for i, label in enumerate(labels)
    ]
    result = measure(
        Readings(scans, probabilities, labels, []),
        ("a", "b"),
        protocol="honest",
        data="made",
        leaked=np.array([True, False, False, False]),
    )
    assert (result.correct, result.count, result.accuracy) == (3, 4, 0.75)
    assert result.confusion == [[2, 1], [0, 1]]
    assert result.per_class["a"]["recall"] == pytest.approx(2 / 3)
    assert result.per_class["a"]["precision"] == 1
    assert result.per_class["b"]["f1"] == pytest.approx(2 / 3)
    assert (result.leak_free["correct"], result.leak_free["count"]) == (2, 3)

from math import sqrt

import numpy as np
import pytest

from btgui.engine.novelty import NoveltyDetector, distances, features_of, novelty_limit

AXES = np.eye(3, dtype=np.float32)


def test_features_are_the_directions_of_each_stages_means_side_by_side():
    stages = [np.array([[3, 4], [0, 2]], np.float32), np.array([[5], [0.1]], np.float32)]
    half = sqrt(1 / 2)
    expected = [[0.6 * half, 0.8 * half, half], [0, half, half]]
    assert features_of(stages) == pytest.approx(np.array(expected))


def test_a_stage_without_activation_is_no_error():
    features = features_of([np.zeros((1, 3), np.float32), np.ones((1, 1), np.float32)])
    assert features == pytest.approx(np.array([[0, 0, 0, sqrt(1 / 2)]]))


def test_distance_is_to_the_nearest_prototype():
    features = np.array([[1, 0, 0], [0.6, 0.8, 0], [0, 0, 1]])
    # (0.6, 0.8, 0) is nearer to the second axis: sqrt(0.36 + 0.04).
    assert distances(features, AXES[:2]) == pytest.approx([0, sqrt(0.4), sqrt(2)], abs=1e-6)


def test_a_prototype_may_be_shorter_than_its_scans():
    between = np.array([[0.5, 0.5, 0]], np.float32)  # the mean of the first two axes
    assert distances(AXES, between) == pytest.approx([sqrt(0.5), sqrt(0.5), sqrt(1.5)])


def test_novelty_is_the_distance_over_the_limit():
    detector = NoveltyDetector(AXES[:1], limit=sqrt(2) / 4)
    assert detector.novelty(AXES[:2]) == pytest.approx([0, 4])


def test_limit_is_exceeded_by_one_in_a_hundred():
    shuffled = np.random.default_rng(0).permutation(np.arange(1.0, 200.0))
    assert novelty_limit(shuffled) == 198  # 198 = ceil(200 * 0.99) of 199 distances
    assert novelty_limit(np.arange(1.0, 100.0)) == 99


def test_limit_of_few_scans_is_the_largest():
    assert novelty_limit(np.array([0.2, 0.7, 0.3])) == 0.7
    assert novelty_limit(np.array([0.4])) == 0.4


def test_new_scans_exceed_the_limit_as_often_as_stated():
    draws = np.random.default_rng(1).normal(size=(4000, 500))
    exceeded = [row[-1] > novelty_limit(row[:-1]) for row in draws]
    assert np.mean(exceeded) == pytest.approx(0.01, abs=0.005)

from math import sqrt

import numpy as np
import pytest

from btgui.engine.novelty import NoveltyDetector, distances, novelty_limit, unit_length

AXES = np.eye(3, dtype=np.float32)


def test_distance_is_to_the_nearest_prototype_whatever_the_length_of_the_features():
    features = np.array([[5, 0, 0], [3, 4, 0], [0, 0, 0.1]], np.float32)
    # (0.6, 0.8, 0) is nearer to the second axis: sqrt(0.36 + 0.04).
    assert distances(features, AXES[:2]) == pytest.approx([0, sqrt(0.4), sqrt(2)], abs=1e-6)


def test_a_prototype_may_be_shorter_than_its_scans():
    between = np.array([[0.5, 0.5, 0]], np.float32)  # the mean of the first two axes
    assert distances(AXES, between) == pytest.approx([sqrt(0.5), sqrt(0.5), sqrt(1.5)])


def test_features_without_a_direction_are_novel_and_no_error():
    assert np.array_equal(unit_length(np.zeros((1, 3), np.float32)), np.zeros((1, 3)))
    assert NoveltyDetector(AXES, 0.5).novelty(np.zeros((1, 3), np.float32)) == pytest.approx([2])


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

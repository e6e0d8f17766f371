import numpy as np
import pytest

from btgui.engine.novelty import distances
from training.fitting.prototypes import detector_of

AXES = np.eye(8)


def around(axes, count, *, spread=0.05, seed=0):
    """Return (count, 8) features of length 1 that lie around some axes in turn."""
    near = AXES[np.resize(axes, count)]
    near = near + np.random.default_rng(seed).normal(0, spread, near.shape)
    return near / np.linalg.norm(near, axis=1, keepdims=True)


def test_each_group_of_training_scans_has_prototypes_and_other_scans_are_novel():
    detector = detector_of(around([0, 1, 2], 600), around([0, 1, 2], 300, seed=1), seed=0)
    assert len(detector.prototypes) <= 600 // 50
    assert detector.novelty(around([0, 1, 2], 200, seed=2)).max() < 1.5
    assert detector.novelty(around([3, 4], 200, seed=3)).min() > 3


def test_one_in_a_hundred_validation_scans_lies_beyond_the_limit():
    validation = around([0, 1], 400, seed=4)
    detector = detector_of(around([0, 1], 500), validation, seed=0)
    assert np.count_nonzero(detector.novelty(validation) > 1) == 3  # 401 * 0.99 is 397, rounded up
    assert distances(validation, detector.prototypes).max() > detector.limit


def test_a_few_odd_scans_get_no_prototype_of_their_own():
    usual, odd = around([0], 700), around([5], 4)
    detector = detector_of(np.concatenate([usual, odd]), around([0], 99, seed=1), seed=0)
    assert (detector.novelty(around([5], 20, seed=2)) > 1).all()
    assert np.linalg.norm(detector.prototypes, axis=1).max() <= 1 + 1e-3


def test_prototypes_are_as_exact_as_a_pack_holds_them():
    detector = detector_of(around([0, 1], 300), around([0, 1], 100, seed=1), seed=0)
    assert np.array_equal(detector.prototypes.astype(np.float16), detector.prototypes)


@pytest.mark.parametrize("count", [1, 9, 49, 120])
def test_few_scans_suffice(count):
    detector = detector_of(around([0], count), around([0], 5, seed=1), seed=0)
    assert 1 <= len(detector.prototypes) <= 2
    assert (detector.novelty(around([1], 10, seed=2)) > 1).all()


def test_scans_that_are_all_the_same_make_a_limit_above_zero():
    same = np.ones((200, 8))
    detector = detector_of(same, same[:20], seed=0)
    assert len(detector.prototypes) == 1
    assert detector.limit > 0


def test_the_same_seed_makes_the_same_prototypes():
    train, validation = around([0, 1, 2], 600), around([0, 1, 2], 100, seed=1)
    first, second = (detector_of(train, validation, seed=7) for _ in range(2))
    assert np.array_equal(first.prototypes, second.prototypes)
    assert first.limit == second.limit

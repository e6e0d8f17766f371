import numpy as np
import pytest

from training.evaluating.areas import area, area_interval, mean_area
from training.evaluating.evaluation import wilson_interval
from training.evaluating.figures import bootstrap


def test_an_area_of_one_is_not_certain():
    # Newcombe (2006) has the interval keep its length where no scan is out of order.
    low, high = area_interval(1.0, 12, 36)
    assert 0.85 < low < 0.95
    assert high == 1
    assert area_interval(0.0, 12, 36) == pytest.approx((0, 1 - low))
    assert area_interval(1.0, 1200, 3600)[0] > 0.998
    assert area_interval(1.0, 1, 1)[0] == pytest.approx(wilson_interval(1, 1)[0])


def test_an_area_s_interval_is_about_that_of_the_bootstrap_where_there_are_many_scans():
    from sklearn.metrics import roc_auc_score

    generator = np.random.default_rng(0)
    is_it = generator.random(600) < 0.4
    score = generator.normal(is_it * 1.2)
    found = area(is_it, score)
    resampled = bootstrap(600, lambda chosen: roc_auc_score(is_it[chosen], score[chosen]))
    assert found.value == pytest.approx(roc_auc_score(is_it, score))
    assert (found.low, found.high) == pytest.approx((resampled.low, resampled.high), abs=0.01)


def test_an_area_of_one_kind_only_is_not_defined():
    assert np.isnan(area(np.array([True, True]), np.array([0.1, 0.2])).value)


def test_slices_of_one_patient_make_an_area_less_sure():
    generator = np.random.default_rng(0)
    true, patients, held, alone = 0.8, np.repeat(np.arange(30), 10), 0, 0
    is_it = patients < 12
    for _ in range(60):
        score = generator.normal(size=30)[patients] + generator.normal(size=300)
        score += is_it * 1.683  # the area is that of a normal difference, of variance 4
        found, single = area(is_it, score, patients), area(is_it, score)
        assert found.value == single.value
        held += found.low <= true <= found.high
        alone += single.low <= true <= single.high
    assert held >= 55
    assert alone <= 45


def test_slices_of_one_patient_that_are_not_alike_tell_nearly_as_much_as_of_many():
    patients = np.repeat(np.arange(30), 10)
    is_it = patients < 12
    score = np.random.default_rng(0).normal(is_it * 1.2)
    found, single = area(is_it, score, patients), area(is_it, score)
    assert found.high - found.low < 1.4 * (single.high - single.low)


def test_an_area_of_one_is_as_sure_as_there_are_patients():
    patients = np.repeat(np.arange(16), 10)
    is_it = patients < 4
    found = area(is_it, is_it * 1.0, patients)
    assert (found.low, found.high) == pytest.approx(area_interval(1.0, 4, 12))


def test_a_mean_of_areas_is_no_less_sure_than_they_are():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 300)
    p = generator.dirichlet([1, 1, 1], 300)
    p[np.arange(300), labels] += 0.3
    areas = [area(labels == index, p[:, index]) for index in range(3)]
    found = mean_area(labels, p, areas)
    assert found.value == pytest.approx(np.mean([one.value for one in areas]))
    assert np.mean([one.low for one in areas]) < found.low < found.value
    assert found.value < found.high < np.mean([one.high for one in areas])


def test_a_mean_of_areas_that_are_one_is_as_sure_as_either():
    """With two classes, the errors of the two areas are the same."""
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 100)
    first = generator.random(100) + 0.3 * (labels == 0)
    p = np.stack([first, 1 - first], axis=1)
    one, other = (area(labels == index, p[:, index]) for index in range(2))
    found = mean_area(labels, p, [one, other])
    assert (found.low, found.high) == pytest.approx((one.low, one.high))


def test_a_mean_of_areas_of_one_is_as_sure_as_these():
    labels = np.repeat([0, 1, 2], 10)
    areas = [area(labels == index, np.eye(3)[labels][:, index]) for index in range(3)]
    found = mean_area(labels, np.eye(3)[labels], areas)
    assert (found.value, found.low, found.high) == pytest.approx((1, areas[0].low, 1))


def test_a_mean_of_areas_needs_all_of_them():
    labels, p = np.array([0, 1, 0]), np.eye(3)[[0, 1, 2]]
    areas = [area(labels == index, p[:, index]) for index in range(3)]
    assert np.isnan(mean_area(labels, p, areas).value)

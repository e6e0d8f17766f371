import math
import time
from itertools import product

import numpy as np
import pytest

from training.evaluating.effective_number import effective_share
from training.evaluating.statistics import (
    difference_interval,
    exchange_test,
    holm,
    paired_tests,
)


def test_with_one_scan_a_patient_the_exchange_test_is_mcnemars():
    def mcnemar(only_first, only_second):
        return exchange_test(np.array([1] * only_first + [-1] * only_second + [0, 0], np.int64))

    # Two-sided: twice the chance of at most 1 head in 6 tosses, (1 + 6) / 64.
    assert mcnemar(1, 5) == pytest.approx(2 * 7 / 64)
    assert mcnemar(5, 1) == mcnemar(1, 5)
    assert mcnemar(3, 3) == 1
    assert mcnemar(0, 0) == 1
    assert mcnemar(0, 10) == pytest.approx(2 / 1024)


def test_patients_fall_to_either_model_whole():
    # Of 8 signs of 3, 2 and 2, two give a sum of 7 and two more one of 3 or beyond with it.
    assert exchange_test(np.array([3, 2, 2])) == pytest.approx(2 / 8)
    assert exchange_test(np.array([3, 2, -2])) == pytest.approx(6 / 8)
    assert exchange_test(np.array([12])) == 1


def test_patients_of_several_sizes_have_the_p_value_of_all_signs():
    gains = np.array([1, -1, 1, 1, 2, 2, -2, 5, 0, 3])
    signs = np.array(list(product((1, -1), repeat=len(gains))))
    as_far = np.abs(signs @ np.abs(gains)) >= abs(gains.sum())
    assert exchange_test(gains) == pytest.approx(as_far.mean())


def test_models_that_disagree_on_a_hundred_thousand_scans_are_compared_at_once():
    gains = np.ones(100_000, np.int64)
    gains[:49_500] = -1
    before = time.perf_counter()
    p_value = exchange_test(gains)
    assert time.perf_counter() - before < 5  # a walk from scan to scan takes a minute
    # As nearly normal: gains sum to 1,000, with a standard deviation of the root of 100,000.
    assert p_value == pytest.approx(math.erfc(999 / 200_000**0.5), rel=1e-3)


def test_ten_alike_slices_of_a_patient_are_as_one_scan_of_each():
    generator = np.random.default_rng(0)
    right = generator.random((2, 40)) < [[0.9], [0.6]]
    (one,) = paired_tests(right)
    (ten,) = paired_tests(np.repeat(right, 10, axis=1), np.repeat(np.arange(40), 10))
    (ten_alone,) = paired_tests(np.repeat(right, 10, axis=1))
    assert ten.p_value == pytest.approx(one.p_value)
    assert ten.only_first == 10 * one.only_first
    assert ten.interval == pytest.approx(one.interval, abs=0.02)
    assert ten_alone.p_value < 1e-6 < one.p_value


def test_a_difference_of_several_scans_a_patient_has_the_interval_of_their_effective_number():
    right = np.random.default_rng(0).random((2, 60)) < [[0.9], [0.7]]
    patients, gains = np.repeat(np.arange(20), 3), right[0].astype(int) - right[1]
    worth = effective_share(gains - gains.mean(), patients)
    assert 0.5 < worth < 1
    (pair,) = paired_tests(right, patients)
    numbers = (worth * one for one in (pair.only_first, pair.only_second, 60))
    assert pair.interval == pytest.approx(difference_interval(*numbers))


def test_models_that_err_alike_seldom_differ_though_slices_of_a_patient_are_alike():
    generator = np.random.default_rng(0)
    patients, found, alone = np.repeat(np.arange(30), 10), 0, 0
    for _ in range(100):
        skill = generator.beta(1.35, 0.15, (2, 30))  # 90 %, with a correlation of 0.4
        right = generator.random((2, 300)) < np.repeat(skill, 10, axis=1)
        found += paired_tests(right, patients)[0].p_value < 0.05
        alone += paired_tests(right)[0].p_value < 0.05
    assert found <= 8
    assert alone >= 20


def test_the_interval_of_a_difference_by_hand():
    # Agresti and Min's adjusted Wald interval with n = 100, b = 12, c = 5:
    # (12.5 - 5.5) / 102 ± 1.96 sqrt(18 - 49 / 102) / 102.
    low, high = difference_interval(12, 5, 100)
    assert (low, high) == pytest.approx((-0.0118011, 0.1490560), abs=1e-7)
    assert difference_interval(5, 12, 100) == pytest.approx((-high, -low))
    low, high = difference_interval(0, 0, 1)
    assert -1 <= low < 0 < high <= 1
    assert difference_interval(2, 0, 2)[1] == 1
    assert difference_interval(0, 2, 2)[0] == -1


def test_holms_adjustment_by_hand_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_each_two_models_are_counted_in_four_cells():
    # Of 15 scans the first two models name 1 both, 6 the first alone, 3 the second alone, 5 neither.
    right = np.array(
        [[1] * 7 + [0] * 8, [1] + [0] * 6 + [1] * 3 + [0] * 5, [1] * 15],
        bool,
    )
    first, second, third = paired_tests(right)
    assert [(one.first, one.second) for one in (first, second, third)] == [(0, 1), (0, 2), (1, 2)]
    cells = (first.both_right, first.only_first, first.only_second, first.both_wrong)
    assert cells == (1, 6, 3, 5)
    assert first.difference == pytest.approx(7 / 15 - 4 / 15)
    # (6.5 - 3.5) / 17 ± 1.96 sqrt(10 - 9 / 17) / 17, and twice the chance of at most 3 heads in 9.
    assert first.interval == pytest.approx((-0.1783327, 0.5312739), abs=1e-7)
    assert first.p_value == pytest.approx(2 * (1 + 9 + 36 + 84) / 512)
    assert (third.only_first, third.only_second, third.p_value) == (0, 11, pytest.approx(2 / 2048))
    assert [one.p_adjusted for one in (first, second, third)] == pytest.approx(
        [260 / 512, 2 * 2 / 256, 3 * 2 / 2048]
    )

import numpy as np
import pytest

from training.evaluating.evaluation import wilson_interval
from training.evaluating.statistics import (
    difference_interval,
    holm,
    mcnemar_exact,
    paired_tests,
)


def test_the_interval_of_a_share_against_published_values():
    # Newcombe 1998, Table I, method 3: 81/263 and 0/20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_mcnemars_exact_p_by_hand():
    # Two-sided: twice the chance of at most 1 head in 6 tosses, (1 + 6) / 64.
    assert mcnemar_exact(1, 5) == pytest.approx(2 * 7 / 64)
    assert mcnemar_exact(5, 1) == mcnemar_exact(1, 5)
    assert mcnemar_exact(3, 3) == 1
    assert mcnemar_exact(0, 0) == 1
    assert mcnemar_exact(0, 10) == pytest.approx(2 / 1024)


def test_the_interval_of_a_difference_by_hand():
    # Agresti and Min's adjusted Wald interval with n = 100, b = 12, c = 5:
    # (12.5 - 5.5) / 102 ± 1.96 sqrt(18 - 49 / 102) / 102.
    low, high = difference_interval(12, 5, 100)
    assert (low, high) == pytest.approx((-0.0118011, 0.1490560), abs=1e-7)
    assert difference_interval(5, 12, 100) == pytest.approx((-high, -low))
    low, high = difference_interval(0, 0, 1)
    assert -1 <= low < 0 < high <= 1


def test_holms_adjustment_by_hand_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
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

import numpy as np
import pytest

from training.evaluating.effective_number import (
    Z_95,
    effective_share,
    estimated_share,
    least_number,
)
from training.evaluating.evaluation import share_interval

# Weil (1970), pups alive at four days and at twenty-one, litter by litter; the design effects
# are those of Rao and Scott (1992), and of a GEE with robust errors too.
CONTROL = [(13, 13), (12, 12), (9, 9), (9, 9), (8, 8), (8, 8), (13, 12), (12, 11)]
CONTROL += [(10, 9), (10, 9), (9, 8), (13, 11), (5, 4), (7, 5), (10, 7), (10, 7)]
TREATED = [(12, 12), (11, 11), (10, 10), (9, 9), (11, 10), (10, 9), (10, 9), (9, 8)]
TREATED += [(9, 8), (5, 4), (9, 7), (7, 4), (10, 5), (6, 3), (10, 3), (7, 0)]


@pytest.mark.parametrize(("litters", "effect"), [(CONTROL, 1.2325), (TREATED, 3.9529)])
def test_the_design_effect_is_rao_and_scotts(litters, effect):
    from scipy.stats import t

    hits = np.concatenate([[1] * alive + [0] * (count - alive) for count, alive in litters])
    numbers = np.repeat(np.arange(16), [count for count, _ in litters])
    parts = hits - hits.mean()
    sums = np.array([parts[numbers == litter].sum() for litter in range(16)])
    sizes = np.array([count for count, _ in litters])
    squares = sums**2 / (1 - sizes / sizes.sum())
    # Litters of nearly one size: the factor of each is about the 16 / 15 of Rao and Scott.
    assert squares.sum() / (parts**2).sum() == pytest.approx(effect, rel=1e-3)
    quantile = t.ppf(0.975, squares.sum() ** 2 / (squares**2).sum())
    expected = (Z_95 / quantile) ** 2 * (parts**2).sum() / squares.sum()
    assert estimated_share(parts, numbers) == pytest.approx(expected)
    assert effective_share(parts, numbers) == pytest.approx(
        max(expected, least_number(numbers) / len(hits))
    )


def test_a_patient_of_most_scans_does_not_hide_how_patients_differ():
    generator = np.random.default_rng(0)
    numbers, held = np.repeat(np.arange(21), [200] + [5] * 20), 0
    for _ in range(200):
        hits = generator.random(300) < generator.beta(3.2, 0.8, 21)[numbers]
        low, high = share_interval(hits, numbers)
        held += low <= 0.8 <= high
    assert held >= 184


def test_one_patient_of_a_kind_tells_nothing_of_its_kind():
    parts = np.array([0.2, -0.1, -0.1, 0.3, -0.3, 0.1, -0.1])
    ill = np.array([True] * 3 + [False] * 4)
    patients = np.array([0, 1, 1, 2, 2, 2, 2])
    assert estimated_share(parts, patients, ill) == 0
    assert estimated_share(parts, np.array([0, 1, 1, 2, 2, 3, 3]), ill) > 0


def test_scans_of_as_many_patients_count_whole():
    parts = np.array([0.1, 0.1, -0.2])
    assert effective_share(parts, np.array([7, 3, 5])) == 1
    assert effective_share(np.zeros(3), np.array([7, 3, 5])) == 1
    assert effective_share(np.array([]), np.array([], int)) == 1


def test_scans_without_an_error_count_as_their_patients():
    patients = np.repeat([4, 9], [6, 2])
    assert least_number(patients) == pytest.approx(64 / 40)
    assert effective_share(np.zeros(8), patients) == pytest.approx(8 / 40)
    assert effective_share(np.array([0.5, -0.5]), np.array([1, 1])) == 0.5


def test_no_scan_counts_more_than_whole():
    # Each patient has one right and one wrong: there is nothing in which they differ.
    assert effective_share(np.tile([0.5, -0.5], 10), np.repeat(np.arange(10), 2)) == 1


@pytest.mark.parametrize(("share", "patients"), [(0.8, 20), (0.95, 20), (0.95, 100), (0.98, 100)])
def test_intervals_hold_the_truth(share, patients):
    generator = np.random.default_rng(0)
    numbers, held = np.repeat(np.arange(patients), 10), 0
    for _ in range(100):
        skill = generator.beta(share, 1 - share, patients)  # an intraclass correlation of 0.5
        hits = generator.random(10 * patients) < skill[numbers]
        low, high = share_interval(hits, numbers)
        held += low <= share <= high
    assert held >= 92

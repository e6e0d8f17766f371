from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.dealing import deal


def dealt(sizes, fraction=0.2, needed=3, closed=(), uncounted=()):
    """Return the number of scans chosen from groups of one class with these sizes."""
    groups = np.repeat(np.arange(len(sizes)), sizes)
    scans = [LabelledScan(Path(str(index)), "a", "", "here") for index in range(len(groups))]
    counted, allowed = ~np.isin(groups, uncounted), ~np.isin(groups, closed)
    chosen = deal(scans, groups, counted, allowed, fraction, np.random.default_rng(0), needed)
    return [int(chosen[groups == group].sum()) for group in range(len(sizes))]


def test_a_class_gives_its_share():
    assert sum(dealt([1] * 20)) == 4
    assert sum(dealt([1] * 20, uncounted=range(10))) == 2


def test_a_group_goes_while_half_of_it_is_still_lacking():
    # Of 24 scans 4.8: after one group of three, 1.8 are lacking.
    assert sum(dealt([3] * 8)) == 6


def test_groups_of_two_classes_give_each_class_its_share():
    # Of fifty patients each has ten slices with a tumour and ten without.
    scans = [
        LabelledScan(Path(f"{patient}-{label}-{number}"), label, "", "here")
        for patient in range(50)
        for label in ("a", "b")
        for number in range(10)
    ]
    groups, everything = np.repeat(np.arange(50), 20), np.ones(1000, bool)
    chosen = deal(scans, groups, everything, everything, 0.2, np.random.default_rng(0), needed=3)
    assert [chosen[[scan.label == label for scan in scans]].sum() for label in "ab"] == [100, 100]


@pytest.mark.parametrize("sizes", [[30, 20, 25], [20, 8, 9, 9]])
def test_of_groups_that_are_all_too_large_the_smallest_goes(sizes):
    taken = dealt(sizes, fraction=0.05)
    assert [bool(count) for count in taken] == [size == min(sizes) for size in sizes]


def test_enough_groups_are_left():
    assert sum(count > 0 for count in dealt([1, 1, 90], fraction=0.5)) == 1
    assert sum(dealt([5, 5])) == 0
    assert sum(dealt([5, 5], needed=2)) == 5
    assert sum(dealt([5, 5, 5], fraction=0.0)) == 0


def test_what_may_not_go_counts_among_what_is_left():
    assert dealt([4, 5, 5], closed=(1, 2)) == [4, 0, 0]
    assert dealt([4, 5, 5], closed=(0, 1, 2)) == [0, 0, 0]

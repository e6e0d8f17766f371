from pathlib import Path

import numpy as np

from btgui.engine.datasets.dataset import LabelledScan
from training.turns import alternating, mixed


def scans_of(label, count):
    return [LabelledScan(Path(f"{label}-{n}.png"), label, "test", "made") for n in range(count)]


def test_lists_of_several_lengths_take_turns():
    assert alternating(["abc", "x", "", "12"]) == ["a", "x", "1", "b", "2", "c"]
    assert alternating([]) == []


def test_scans_are_mixed_class_by_class_and_a_seed_repeats_them():
    scans = [*scans_of("glioma", 30), *scans_of("meningioma", 1), *scans_of("pituitary", 30)]
    first = mixed(scans, np.random.default_rng(0))
    labels = [scan.label for scan in first[:8]]
    assert {name: labels.count(name) for name in sorted(set(labels))} == {
        "glioma": 4,
        "meningioma": 1,
        "pituitary": 3,
    }
    assert sorted(first, key=scans.index) == scans
    assert mixed(scans, np.random.default_rng(0)) == first
    assert mixed(scans, np.random.default_rng(1)) != first

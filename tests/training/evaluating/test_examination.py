from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from training.evaluating.examination import across_classes


def scans_of(label, count):
    return [LabelledScan(Path(f"{label}-{n}.png"), label, "test", "made") for n in range(count)]


def test_scans_for_a_check_are_drawn_across_classes_and_a_seed_repeats_them():
    scans = [*scans_of("glioma", 30), *scans_of("meningioma", 1), *scans_of("pituitary", 30)]
    drawn = across_classes(scans, 8, seed=0)
    labels = [scan.label for scan in drawn]
    assert {name: labels.count(name) for name in sorted(set(labels))} == {
        "glioma": 4,
        "meningioma": 1,
        "pituitary": 3,
    }
    assert len(set(drawn)) == 8
    assert across_classes(scans, 8, seed=0) == drawn
    assert across_classes(scans, 8, seed=1) != drawn
    assert len(across_classes(scans[:3], 8, seed=0)) == 3

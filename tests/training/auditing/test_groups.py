from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from training.auditing.groups import Sides


def named(scans):
    return "".join(scan.path.name for scan in scans)


def test_what_a_split_keeps_together_is_told():
    splits = {"a": "", "b": "", "c": "", "d": "", "e": "", "t": "test", "u": "test"}
    scans = [LabelledScan(Path(name), "x", split, "here") for name, split in splits.items()]
    # a looks like b, which is of c's patient; d is of a tested head; e looks like a test scan.
    sides = Sides(scans, patients=[(1, 2), (5, 6)], heads=[(3, 6)])
    for near_copies in ((0, 1), (4, 5)):
        sides.add(*near_copies)
    found = sides.belonging()
    assert list(map(named, found.together)) == ["abc"]
    assert named(found.with_tested) == "d"

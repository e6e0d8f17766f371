from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.shares import ScanShares, scan_shares, way_out
from btgui.engine.training_request import TrainingRequest

REQUEST = TrainingRequest(
    ("scans",), "out", "Mine", display_names=(("glioma", "Glioma"), ("notumor", "No tumour"))
)
PUBLISHED = replace(REQUEST, protocol="published")
FINE = ("", "")


@pytest.fixture
def scans():
    """Two classes, twelve scans each to train on and two to test on."""
    return [
        LabelledScan(Path(f"{split}/{label}/{number:02d}.png"), label, split, "scans")
        for label in ("glioma", "notumor")
        for split, count in (("train", 12), ("test", 2))
        for number in range(count)
    ]


def files(scans, label, split="train"):
    return [str(scan.path) for scan in scans if (scan.label, scan.split) == (label, split)]


def in_open_splits(scans):
    return [replace(scan, split="") for scan in scans]


def leaks(*copies):
    """Return an audit that found these training scans in the test."""
    return {
        "leaks": [
            {"test": "a", "train": path, "kind": "copy", "between": ["test", "train"]}
            for path in copies
        ]
    }


def test_the_run_s_shares_are_told_before_it(scans):
    # 24 scans to train on, of which a fifth of each class chooses, and 4 to test on.
    assert scan_shares(scans, REQUEST, {}) == ScanShares(20, 4, 4, 0)
    assert scan_shares(in_open_splits(scans), REQUEST, {}) == ScanShares(20, 4, 4, 0)
    halves = replace(REQUEST, validation_fraction=0.5, test_fraction=0.5)
    assert scan_shares(in_open_splits(scans), halves, {}) == ScanShares(6, 8, 14, 0)


def test_what_is_left_out_does_not_count(scans):
    audit = leaks(files(scans, "glioma")[3])
    assert scan_shares(scans, REQUEST, audit) == ScanShares(19, 4, 4, 1)
    assert scan_shares(scans, PUBLISHED, audit) == ScanShares(20, 4, 4, 0)
    tests = tuple(files(scans, "glioma", "test") + files(scans, "notumor", "test"))
    # What the data set gives to training is not tested, whatever becomes of its test.
    left = replace(PUBLISHED, left_out=tests)
    assert scan_shares(scans, left, audit) == ScanShares(20, 4, 0, 0)


def test_scans_of_one_patient_are_shared_out_together(scans):
    scans = in_open_splits(scans)
    together = [
        files(scans, label, "")[start : start + 7]
        for label in ("glioma", "notumor")
        for start in (0, 7)
    ]
    # Two patients a class cannot train, choose and test.
    assert scan_shares(scans, REQUEST, {"together": together}) == ScanShares(14, 14, 0, 0)
    together = [group[i::2] for group in together for i in (0, 1)]
    shares = scan_shares(scans, REQUEST, {"together": together})
    assert shares.test in (6, 7, 8)
    assert shares.validation in (6, 7, 8)


def test_scans_of_a_tested_patient_do_not_train(scans):
    audit = {"with_tested": files(scans, "glioma")[:2]}
    assert scan_shares(scans, REQUEST, audit).copies == 2


def test_scans_named_for_validation_are_all_that_choose(scans):
    scans = [replace(scans[0], split="validation"), *scans[1:]]
    assert scan_shares(scans, REQUEST, {}).validation == 1


def test_a_full_data_set_can_be_trained_on(scans):
    assert way_out(scans, REQUEST, {}) == FINE


def test_one_class_cannot(scans):
    request = replace(REQUEST, left_out=(*files(scans, "glioma"), *files(scans, "glioma", "test")))
    assert "fewer than two classes" in way_out(scans, request, {})[0]


def test_fewer_than_ten_scans_of_a_class_cannot(scans):
    request = replace(REQUEST, left_out=tuple(files(scans, "glioma")[:5]))
    assert "there are 9 of “Glioma”" in way_out(scans, request, {})[0]


def test_files_that_cannot_be_read_do_not_count(scans):
    audit = {"unreadable": [{"path": path} for path in files(scans, "glioma")[:5]]}
    assert "9 of “Glioma”" in way_out(scans, REQUEST, audit)[0]


@pytest.mark.parametrize(("given", "needed"), [("test", 2), ("", 3), ("validation", 2)])
def test_too_few_patients_of_a_class_cannot(scans, given, needed):
    if given != "test":
        scans = [scan for scan in scans if scan.split != "test"]
    if given == "validation":
        scans = [*scans[:-1], replace(scans[-1], split="validation")]
    of_class = files(scans, "glioma")

    def patients(count):
        return {"together": [of_class[number::count] for number in range(count)]}

    assert way_out(scans, REQUEST, patients(needed)) == FINE
    reason, advice = way_out(scans, REQUEST, patients(needed - 1))
    assert f"At least {needed} patients of each class are needed" in reason
    assert f"there are {needed - 1} of “Glioma”" in reason
    assert "Add scans of other patients" in advice
    assert way_out(scans, PUBLISHED, patients(needed - 1)) == FINE


def test_copies_of_test_scans_do_not_teach_under_the_honest_protocol(scans):
    audit = leaks(*files(scans, "notumor")[:8])
    assert "4 of “No tumour”" in way_out(scans, REQUEST, audit)[0]
    assert way_out(scans, PUBLISHED, audit) == FINE

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


@pytest.mark.parametrize(
    ("labels", "those"), [(["glioma"], "that class"), (["glioma", "notumor"], "those classes")]
)
def test_what_to_do_about_few_scans_suits_folders_and_tables(scans, labels, those):
    few = [scan for label in labels for scan in files(scans, label)[:5]]
    _reason, advice = way_out(scans, replace(REQUEST, left_out=tuple(few)), {})
    assert (
        advice == f"Add scans of {those} and choose the data set again, or remove {those} from it."
    )


def test_files_that_cannot_be_read_do_not_count(scans):
    audit = {"unreadable": [{"path": path} for path in files(scans, "glioma")[:5]]}
    assert "9 of “Glioma”" in way_out(scans, REQUEST, audit)[0]


@pytest.mark.parametrize(
    ("given", "needed"), [("test", 2), ("train", 2), ("", 3), ("validation", 2)]
)
def test_too_few_patients_of_a_class_cannot(scans, given, needed):
    if given != "test":
        scans = [scan for scan in scans if scan.split != "test"]
    if given in {"", "validation"}:
        scans = [*in_open_splits(scans[:-1]), replace(scans[-1], split=given)]
    of_class = [str(scan.path) for scan in scans if scan.label == "glioma" and scan.split != "test"]

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


@pytest.fixture
def of_patients(scans):
    """The first scan of the first patients of each class is for validation, the others train."""

    def make(patients, given):
        together, by_path = [], {scan.path: scan for scan in scans}
        for label in ("glioma", "notumor"):
            groups = [files(scans, label)[number::patients] for number in range(patients)]
            for first in (Path(group[0]) for group in groups[:given]):
                by_path[first] = replace(by_path[first], split="validation")
            together += groups
        return list(by_path.values()), {"together": together}

    return make


def test_scans_of_patients_in_the_validation_part_do_not_train(of_patients):
    scans, audit = of_patients(4, given=2)
    # Each of four patients has three scans; two of them give one scan each to the validation.
    assert scan_shares(scans, REQUEST, audit) == ScanShares(12, 4, 4, 0, crossing=8)
    assert scan_shares(scans, PUBLISHED, audit) == ScanShares(20, 4, 4, 0)
    assert way_out(scans, REQUEST, audit) == FINE


def test_where_every_patient_is_in_the_validation_part_nobody_is_left_to_train(of_patients):
    scans, audit = of_patients(6, given=6)
    assert scan_shares(scans, REQUEST, audit) == ScanShares(0, 12, 4, 0, crossing=12)
    reason, _advice = way_out(scans, REQUEST, audit)
    assert reason.startswith(
        "At least 1 patient of each class is needed besides those in the valid"
    )
    assert "there are 0 of “Glioma”, 0 of “No tumour”" in reason
    assert way_out(scans, PUBLISHED, audit) == FINE
    scans, audit = of_patients(2, given=2)
    reason, advice = way_out(scans, REQUEST, audit)
    assert "there are 2 of “Glioma”, 2 of “No tumour”" in reason
    assert "related to the validation part" in advice

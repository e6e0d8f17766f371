from dataclasses import replace

import pytest

from btgui.views.training_wizard.trainable import way_out


@pytest.fixture
def checked(draft, audit_of):
    draft.audit = audit_of(draft)
    return draft


def scans_of(draft, label, split="train"):
    return [scan.path for scan in draft.scans if (scan.label, scan.split) == (label, split)]


def test_a_full_data_set_can_be_trained_on(checked):
    assert way_out(checked) == ("", "")


def test_one_class_cannot(checked):
    for split in ("train", "test"):
        checked.left_out |= set(scans_of(checked, "glioma", split))
    assert "fewer than two classes" in way_out(checked)[0]


def test_fewer_than_ten_scans_of_a_class_cannot(checked):
    checked.left_out |= set(scans_of(checked, "glioma")[:5])
    assert "there are 9 of “Glioma”" in way_out(checked)[0]


def test_files_that_cannot_be_read_do_not_count(checked):
    checked.audit["unreadable"] = [
        {"path": str(path), "reason": ""} for path in scans_of(checked, "glioma")[:5]
    ]
    assert "9 of “Glioma”" in way_out(checked)[0]


def grouped(draft, label, count):
    """Have a class's training scans be of so many patients."""
    paths = [str(path) for path in scans_of(draft, label)]
    draft.audit["together"] = [paths[number::count] for number in range(count)]


@pytest.mark.parametrize(("given", "needed"), [({"test"}, 2), (set(), 3), ({"validation"}, 2)])
def test_too_few_patients_of_a_class_cannot(checked, given, needed):
    if "test" not in given:
        checked.left_out |= {scan.path for scan in checked.scans if scan.split == "test"}
    if given == {"validation"}:
        first = scans_of(checked, "notumor")[0]
        checked.scans = [
            replace(scan, split="validation") if scan.path == first else scan
            for scan in checked.scans
        ]
    grouped(checked, "glioma", needed)
    assert way_out(checked) == ("", "")
    grouped(checked, "glioma", needed - 1)
    reason, advice = way_out(checked)
    assert f"At least {needed} patients of each class are needed" in reason
    assert f"there are {needed - 1} of “Glioma”" in reason
    assert "Add scans of other patients" in advice
    checked.protocol = "published"
    assert way_out(checked) == ("", "")


def test_copies_of_test_scans_do_not_teach_under_the_honest_protocol(checked):
    checked.audit["leaks"] = [
        {"test": "a", "train": str(path), "kind": "copy", "between": ["test", "train"]}
        for path in scans_of(checked, "notumor")[:8]
    ]
    assert "4 of “No tumour”" in way_out(checked)[0]
    checked.protocol = "published"
    assert way_out(checked) == ("", "")

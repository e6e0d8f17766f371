from collections import Counter
from dataclasses import replace
from itertools import combinations, islice

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan, classes_of, read_dataset
from btgui.engine.errors import DatasetError
from tests.training.conftest import HEADS, SLICES, write_heads
from training.grouping.copies import signature_of
from training.scans.splits import make_splits


def split(scans, **changes):
    options = {"protocol": "honest", "validation_fraction": 0.25, "seed": 3, "say": lambda _: None}
    return make_splits(scans, **options | changes)


def names(part):
    return {(scan.split, scan.label, scan.path.name) for scan in part}


def test_honest_leaves_out_the_mirrored_copy_and_published_does_not(small_dataset):
    scans = read_dataset(small_dataset)
    honest, published = split(scans), split(scans, protocol="published")
    copy = ("train", "tumour", "03.png")
    assert honest.left_out == 1
    assert copy not in names(honest.train) | names(honest.validation)
    assert copy in names(published.train) | names(published.validation)
    assert len(honest.test) == len(published.test) == 8


def like(file, low, high):
    """Return a picture whose correlation with a scan is between two bounds."""
    grey = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    pattern = cv2.resize(np.random.default_rng(7).normal(size=(8, 8)), grey.shape[::-1])
    for strength in range(1, 100):
        changed = np.clip(grey + strength * pattern, 0, 255).astype(np.uint8)
        small = [cv2.resize(one, (64, 64), interpolation=cv2.INTER_AREA) for one in (grey, changed)]
        if low < float(signature_of(small[0]) @ signature_of(small[1])) < high:
            return changed
    raise AssertionError


def test_a_fraction_of_nothing_is_told_from_a_lack_of_scans(small_dataset):
    scans = read_dataset(small_dataset)
    with pytest.raises(DatasetError, match="the validation fraction is 0"):
        split(scans, validation_fraction=0.0)
    given = [replace(one, split="validation") if one.path.stem == "00" else one for one in scans]
    assert len(split(given, validation_fraction=0.0).validation) > 0


def test_a_copy_need_not_be_exact(small_dataset):
    """A file saved once more, cut or brightened a little, correlates by 0.97 to 0.99."""
    changed = like(small_dataset / "Testing" / "healthy" / "02.png", 0.971, 0.98)
    cv2.imwrite(str(small_dataset / "Training" / "healthy" / "copy.png"), changed)
    parts = split(read_dataset(small_dataset))
    assert parts.left_out == 2  # with the mirrored one
    assert not [scan for scan in (*parts.train, *parts.validation) if scan.path.stem == "copy"]


def test_near_copies_within_training_stay_on_one_side(small_dataset):
    place = small_dataset / "Training" / "healthy"
    for index in range(14):
        changed = like(place / f"{index:02d}.png", 0.94, 0.96)
        cv2.imwrite(str(place / f"near-{index:02d}.png"), changed)
    for seed in range(3):
        parts = split(read_dataset(small_dataset), seed=seed)
        sides = [
            {scan.path.name.removeprefix("near-") for scan in part if scan.label == "healthy"}
            for part in (parts.train, parts.validation)
        ]
        assert not sides[0] & sides[1]
        assert sides[1]


def test_the_parts_share_nothing_and_a_seed_repeats_them(small_dataset):
    scans = read_dataset(small_dataset)
    first, again, other = split(scans), split(scans[::-1]), split(scans, seed=4)
    assert not names(first.train) & names(first.validation)
    assert len(first.train) + len(first.validation) + first.left_out == 28
    assert names(first.validation) == names(again.validation) != names(other.validation)


def test_copies_within_training_stay_on_one_side(small_dataset):
    place = small_dataset / "Training" / "healthy"
    for index in range(14):
        (place / f"copy-{index:02d}.png").write_bytes((place / f"{index:02d}.png").read_bytes())
    parts = split(read_dataset(small_dataset))
    for part in (parts.train, parts.validation):
        healthy = {scan.path.name.removeprefix("copy-") for scan in part if scan.label == "healthy"}
        count = sum(scan.label == "healthy" for scan in part)
        assert count == 2 * len(healthy) > 0


def test_a_class_without_training_scans_is_refused(small_dataset):
    scans = [s for s in read_dataset(small_dataset) if (s.split, s.label) != ("train", "healthy")]
    with pytest.raises(DatasetError, match="No scan of healthy is left for training"):
        split(scans)


def test_where_all_scans_trained_the_model_before_the_refusal_names_the_ways_out(small_dataset):
    scans = read_dataset(small_dataset)
    said = (
        r"No scan of healthy, tumour is left for validation\. 28 scans trained .* stay in training, "
        r"unless you begin with other weights\. Add scans of healthy, tumour\.$"
    )
    with pytest.raises(DatasetError, match=said):
        split(scans, trained=frozenset(scan.path for scan in scans if scan.split == "train"))


def test_scans_of_partly_known_class_leave_the_split_of_the_others_as_it_was(
    small_dataset, make_heads
):
    scans = read_dataset(small_dataset)
    label = "|".join(classes_of(scans))
    partly = [LabelledScan(path, label, "train", "more") for path in make_heads(6)]
    before, after = (
        split(some, protocol="published", validation_fraction=0.3)
        for some in (scans, scans + partly)
    )
    assert set(before.validation) == {scan for scan in after.validation if scan.label != label}
    assert classes_of(scans + partly) == classes_of(scans)
    assert sum(scan.label == label for scan in after.validation) == 2


def with_patients(scans, of):
    return [replace(scan, patient=of(scan)) for scan in scans]


def test_scans_of_one_patient_stay_on_one_side(small_dataset):
    scans = with_patients(
        read_dataset(small_dataset / "Training"),
        lambda scan: f"{scan.label} {int(scan.path.stem) // 2}",
    )
    parts = split(scans, test_fraction=0.2)
    patients = [
        {scan.patient for scan in part} for part in (parts.train, parts.validation, parts.test)
    ]
    assert all(patients)
    assert not patients[0] & patients[1] | patients[0] & patients[2] | patients[1] & patients[2]
    assert sum(map(len, (parts.train, parts.validation, parts.test))) == len(scans)


def test_training_scans_of_a_test_patient_are_left_out(small_dataset):
    scans = with_patients(read_dataset(small_dataset), lambda scan: scan.label + scan.path.stem)
    parts = split(scans)
    tested = {scan.patient for scan in parts.test}
    assert len(tested) == 8
    assert not tested & {scan.patient for scan in (*parts.train, *parts.validation)}
    # Four patients a class; the mirrored copy is of one of them.
    assert parts.left_out == 8


def test_the_same_patient_number_in_two_sources_is_two_patients(small_dataset):
    scans = with_patients(read_dataset(small_dataset), lambda _: "1")
    scans = [replace(scan, source=scan.split) for scan in scans]
    assert split(scans[:27] + scans[28:], protocol="published").left_out == 0
    assert split(scans, validation_fraction=0.4, protocol="published").left_out == 0


def test_plain_class_folders_are_split_three_ways(small_dataset):
    scans = read_dataset(small_dataset / "Training")
    parts = split(scans, test_fraction=0.15, validation_fraction=0.2)
    assert Counter(scan.label for scan in parts.test) == {"tumour": 2, "healthy": 2}
    assert len(parts.train) + len(parts.validation) == 24
    assert split(scans, test_fraction=0.15, validation_fraction=0.2) == parts


def test_a_given_test_part_is_not_added_to(small_dataset):
    scans = read_dataset(small_dataset)
    assert len(split(scans, test_fraction=0.5).test) == 8


def test_a_given_validation_part_is_kept_and_nothing_added_to_it(small_dataset):
    scans = [
        replace(scan, split="validation") if scan.split == "test" else scan
        for scan in read_dataset(small_dataset)
    ]
    parts = split(scans)
    assert {scan.split for scan in parts.validation} == {"validation"}
    assert len(parts.validation) == 8
    # The training scan that a validation scan copies is no longer trained on.
    assert (len(parts.train), parts.left_out, parts.crossing, parts.test) == (27, 0, 1, [])
    assert len(split(scans, protocol="published").train) == 28


@pytest.mark.parametrize(("part", "counts"), [("test", (6, 0)), ("validation", (0, 6))])
def test_every_scan_is_in_a_part_or_counted_as_left_out_for_one_reason(small_dataset, part, counts):
    """Four patients of each class are in two parts; a network knows one scan of each part."""
    scans = with_patients(
        read_dataset(small_dataset), lambda scan: f"{scan.label} {scan.path.stem}"
    )
    scans = [replace(scan, split=part) if scan.split == "test" else scan for scan in scans]
    known = (("healthy", "00", part), ("tumour", "01", "train"))
    trained = {s.path for s in scans if (s.label, s.path.stem, s.split) in known}
    parts = split(scans, trained=frozenset(trained))
    used = len(parts.train) + len(parts.validation) + len(parts.test)
    assert (parts.left_out, parts.crossing, parts.learned) == (*counts, 2)
    assert used + parts.left_out + parts.crossing + parts.learned == len(scans)


def test_other_sources_still_give_their_share_to_a_given_validation_part(small_dataset):
    given = [
        replace(scan, split="validation")
        for scan in read_dataset(small_dataset)
        if scan.split == "test"
    ]
    other = [
        replace(scan, source="elsewhere")
        for scan in read_dataset(small_dataset)
        if scan.split == "train"
    ]
    said = []
    parts = split(given + other, protocol="published", say=said.append)
    assert said == []  # nothing crosses a border
    assert Counter(scan.source for scan in parts.validation) == {"scans": 8, "elsewhere": 8}


def test_an_unreadable_scan_does_not_end_the_split(small_dataset):
    (small_dataset / "Training" / "tumour" / "99.png").write_bytes(b"broken")
    assert len(split(read_dataset(small_dataset)).train) > 0


def test_files_that_are_all_of_one_number_can_be_split(small_dataset, monkeypatch):
    monkeypatch.setattr("training.grouping.patients.read_patient_and_study", lambda _: ("ANON", ""))
    lines = []
    parts = split(read_dataset(small_dataset / "Training"), say=lines.append)
    assert classes_of(parts.validation) == ("healthy", "tumour")
    assert any("one patient number" in line for line in lines)


def test_where_one_patient_has_most_scans_the_refusal_says_so(small_dataset):
    scans = with_patients(read_dataset(small_dataset / "Training"), lambda _scan: "one")
    with pytest.raises(
        DatasetError,
        match=r"14 scans of healthy form 1 group, 14 scans of tumour form 1 group\. Add scans of other",
    ):
        split(scans)
    with pytest.raises(DatasetError, match="28 scans were left out, since they copy a test scan"):
        split(with_patients(read_dataset(small_dataset), lambda _scan: "one"))


def test_where_every_patient_is_in_a_given_validation_part_the_refusal_says_so(small_dataset):
    scans = of_patients(read_dataset(small_dataset / "Training"), tumour=(2,) * 7, healthy=(2,) * 7)
    scans = [replace(scan, split=("validation", "train")[n % 2]) for n, scan in enumerate(scans)]
    said = (
        r"No scan of healthy, tumour is left for training\. 14 training scans were left out, since "
        r"they copy a scan of the data set's validation part, .* of the same patient\. Add scans"
    )
    with pytest.raises(DatasetError, match=said):
        split(scans)
    assert len(split(scans, protocol="published").train) == 14


@pytest.mark.parametrize(("protocol", "crossing"), [("honest", False), ("published", True)])
def test_slices_that_are_numbered_head_by_head_stay_on_one_side(tmp_path, protocol, crossing):
    for seed, label in enumerate(("healthy", "tumour")):
        write_heads(tmp_path / label, seed)
    lines = []
    parts = split(read_dataset(tmp_path), protocol=protocol, say=lines.append, test_fraction=0.2)
    heads = [
        {(scan.label, int(scan.path.stem[3:]) // SLICES) for scan in part}
        for part in (parts.train, parts.validation, parts.test)
    ]
    assert all(heads)
    assert any(one & other for one, other in combinations(heads, 2)) == crossing
    assert any("similar scan before: 72 scans" in line for line in lines) != crossing


def test_training_scans_of_a_head_that_is_tested_are_left_out(tmp_path):
    for seed, label in enumerate(("healthy", "tumour")):
        write_heads(tmp_path / label, seed)
    # The second slice of the first head, and the first of the third, were moved to the test.
    scans = [
        replace(scan, split="test" if scan.path.stem in {"IM-0001", "IM-0008"} else "train")
        for scan in read_dataset(tmp_path)
    ]
    parts = split(scans)
    assert (len(parts.test), parts.left_out) == (4, 12)
    left = {int(scan.path.stem[3:]) for scan in (*parts.train, *parts.validation)}
    assert left == {*range(4, 8), *range(12, HEADS * SLICES)}


def test_a_class_that_no_scan_is_known_to_be_of_is_refused(small_dataset):
    scans = [
        replace(scan, label="healthy|tumour") if scan.label == "healthy" else scan
        for scan in read_dataset(small_dataset)
        if scan.split == "train"
    ]
    with pytest.raises(DatasetError, match=r"No scan of healthy .* may be of several"):
        split(scans, protocol="published")


def of_patients(scans, **sizes):
    """Assign the given numbers of scans of a class to its patients; drop the rest of the class."""
    return [
        replace(scan, patient=f"{label} {number}")
        for label in sizes
        for mine in [iter([scan for scan in scans if scan.label == label])]
        for number, size in enumerate(sizes[label])
        for scan in islice(mine, size)
    ]


def patients_in(parts, label):
    return [
        {scan.patient for scan in part if scan.label == label}
        for part in (parts.train, parts.validation, parts.test)
    ]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sizes", [(4, 5, 5), (11, 1, 1, 1), (1, 12, 1)])
def test_three_patients_of_a_class_train_choose_and_test(small_dataset, sizes, seed):
    scans = of_patients(read_dataset(small_dataset / "Training"), tumour=sizes, healthy=(2,) * 7)
    lines = []
    parts = split(scans, test_fraction=0.15, validation_fraction=0.2, seed=seed, say=lines.append)
    for label in ("tumour", "healthy"):
        patients = patients_in(parts, label)
        assert all(patients)
        assert sum(map(len, patients)) == len(set.union(*patients))
    assert not any("is kept for the test" in line for line in lines)


def test_a_data_set_that_gives_all_to_training_is_not_said_to_lack_a_test(small_dataset):
    lines = []
    scans = [replace(one, split="train") for one in read_dataset(small_dataset / "Training")]
    parts = split(scans, test_fraction=0.15, validation_fraction=0.2, say=lines.append)
    assert parts.test == []
    assert not any("is kept for the test" in line for line in lines)


def test_a_class_of_two_patients_is_said_not_to_be_tested(small_dataset):
    scans = of_patients(read_dataset(small_dataset / "Training"), tumour=(7, 7), healthy=(2,) * 7)
    lines = []
    parts = split(scans, test_fraction=0.15, validation_fraction=0.2, say=lines.append)
    assert list(map(len, patients_in(parts, "tumour"))) == [1, 1, 0]
    assert any(line.startswith("No scan of tumour is kept for the test") for line in lines)

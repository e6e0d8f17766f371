from collections import Counter

import pytest

from btgui.engine.errors import DatasetError
from training.dataset import LabelledScan, classes_of, read_class_folder, read_dataset
from training.splits import make_splits


def split(scans, **changes):
    options = {"protocol": "honest", "validation_fraction": 0.25, "seed": 3, "say": lambda _: None}
    return make_splits(scans, **options | changes)


def names(part):
    return {(scan.split, scan.label, scan.path.name) for scan in part}


def test_the_kaggle_layout_and_plain_class_folders_are_understood(small_dataset):
    scans = read_dataset(small_dataset)
    assert Counter((scan.split, scan.label) for scan in scans) == {
        ("train", "tumour"): 14,
        ("train", "healthy"): 14,
        ("test", "tumour"): 4,
        ("test", "healthy"): 4,
    }
    plain = read_dataset(small_dataset / "Training")
    assert {scan.split for scan in plain} == {""}
    assert classes_of(plain) == ("healthy", "tumour")


def test_honest_leaves_out_the_mirrored_copy_and_published_does_not(small_dataset):
    scans = read_dataset(small_dataset)
    honest, published = split(scans), split(scans, protocol="published")
    copy = ("train", "tumour", "03.png")
    assert honest.left_out == 1
    assert copy not in names(honest.train) | names(honest.validation)
    assert copy in names(published.train) | names(published.validation)
    assert len(honest.test) == len(published.test) == 8


def test_the_parts_share_nothing_and_a_seed_repeats_them(small_dataset):
    scans = read_dataset(small_dataset)
    first, again, other = split(scans), split(scans), split(scans, seed=4)
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


def test_an_added_folder_joins_the_training_material(small_dataset):
    more = read_class_folder(small_dataset / "Training" / "healthy", "tumour")
    assert {(scan.label, scan.split) for scan in more} == {("tumour", "train")}


def test_a_data_set_of_one_class_is_refused_in_words(small_dataset):
    with pytest.raises(DatasetError, match="at least two class folders"):
        read_dataset(small_dataset / "Training" / "healthy")


def test_a_class_without_training_scans_is_refused(small_dataset):
    scans = [s for s in read_dataset(small_dataset) if (s.split, s.label) != ("train", "healthy")]
    with pytest.raises(DatasetError, match="No scan of healthy is left to train"):
        split(scans)


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

import shutil

import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.listing import Unused, better_place, list_dataset, why_none_can_be_read
from btgui.engine.errors import Cancelled
from tests.conftest import write_head
from tests.dicom_files import dicom_test_file


@pytest.fixture
def dataset(tmp_path):
    """Two classes of two scans, for training and for the test."""
    for split in ("Training", "Testing"):
        for label in ("glioma", "notumor"):
            place = tmp_path / "scans" / split / label
            place.mkdir(parents=True)
            for number in range(2):
                write_head(place / f"{number}.png", side=32, seed=number)
    return tmp_path / "scans"


def test_classes_are_counted_by_split(dataset):
    assert list_dataset(dataset).counts() == {
        "glioma": {"train": 2, "test": 2},
        "notumor": {"train": 2, "test": 2},
    }
    assert list_dataset(dataset).unused == ()


def test_samples_are_spread_over_a_class(dataset):
    listing = list_dataset(dataset)
    assert len(listing.samples("glioma", 6)) == 4
    first, second = listing.samples("glioma", 2)
    assert {first.parent.parent.name, second.parent.parent.name} == {"Training", "Testing"}


def test_what_is_not_used_is_told_with_the_reason(dataset):
    write_head(dataset / "Training" / "lost.png", side=32)
    write_head(dataset / "also lost.png", side=32)
    (dataset / "Training" / "glioma" / "notes.txt").write_text("text")
    (dataset / "README").write_text("text")
    (dataset / "Training" / "pituitary").mkdir()
    (dataset / ".hidden").write_text("text")
    assert list_dataset(dataset).unused == (
        Unused("outside", 2, ("also lost.png", "Training/lost.png")),
        Unused("other", 2, ("README", ".txt")),
        Unused("empty", 1, ("Training/pituitary",)),
    )


def test_scans_are_told_from_other_files_as_where_they_are_read(dataset):
    scan = dicom_test_file("MR_small.dcm").read_bytes()
    (dataset / "Training" / "glioma" / "1.2.840.13").write_bytes(scan)
    (dataset / "Training" / "1.2.840.14").write_bytes(scan)
    listing = list_dataset(dataset)
    assert listing.counts()["glioma"] == {"train": 3, "test": 2}
    assert listing.unused == (Unused("outside", 1, ("Training/1.2.840.14",)),)


def test_a_table_has_nothing_unused(dataset):
    table = dataset / "scans.csv"
    rows = [f"Training/{label}/{n}.png,{label}" for label in ("glioma", "notumor") for n in (0, 1)]
    table.write_text("\n".join(["path,label", *rows]))
    listing = list_dataset(table)
    assert len(listing.scans) == 4
    assert listing.unused == ()


def test_listing_is_stopped_while_the_scans_are_listed_not_after(dataset):
    shutil.rmtree(dataset / "Training" / "notumor")
    with pytest.raises(Cancelled):  # at its end one class would be refused
        list_dataset(dataset / "Training", lambda: True)


def test_one_part_of_a_data_set_leads_to_the_whole(dataset):
    assert better_place(dataset / "Training") == dataset
    assert better_place(dataset) is None
    alone = dataset / "Training" / "glioma" / "Train"
    alone.mkdir()
    assert better_place(alone) is None


def test_a_folder_around_a_data_set_leads_to_it_where_there_is_but_one(dataset):
    around = dataset.parent
    (around / "papers").mkdir()
    assert better_place(around) == dataset
    (around / "more" / "Training").mkdir(parents=True)
    assert better_place(around) is None


def test_a_table_or_a_folder_of_classes_leads_nowhere(dataset, tmp_path):
    table = tmp_path / "scans.csv"
    table.write_text("path,label")
    assert better_place(table) is None
    assert better_place(dataset / "Training" / "glioma") is None


def test_why_no_scan_can_be_read_is_told_where_none_can(tmp_path):
    files = [tmp_path / "a.png", tmp_path / "b.png"]
    scans = [LabelledScan(file, "a", "", "x") for file in files]
    for file in files:
        file.write_bytes(b"nothing")
    first, second = why_none_can_be_read(tmp_path, scans, lambda: False)
    assert "a.png" in first
    assert "b.png" in second
    assert why_none_can_be_read(tmp_path, scans, lambda: True) == []
    assert why_none_can_be_read(tmp_path / "unplugged", scans, lambda: False) == []
    write_head(files[1])
    assert why_none_can_be_read(tmp_path, scans, lambda: False) == []


def test_parts_within_class_folders_are_found(dataset):
    assert list_dataset(dataset).parts_within_classes() == ()
    swapped = dataset.with_name("swapped")
    for part in ("Training", "Testing"):
        for label in ("glioma", "notumor"):
            shutil.copytree(dataset / part / label, swapped / label / part)
    assert list_dataset(swapped).parts_within_classes() == ("Testing", "Training")

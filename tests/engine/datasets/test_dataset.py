import sys
from collections import Counter
from pathlib import Path

import pytest

from btgui.engine.datasets.dataset import classes_of, read_class_folder, read_dataset
from btgui.engine.datasets.listing import better_place
from btgui.engine.errors import DatasetError


@pytest.fixture
def make_files(tmp_path):
    """Return a function that makes (empty) files by their paths within a data set."""

    def make(*names, root="scans"):
        for name in names:
            file = tmp_path / root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        return tmp_path / root

    return make


def found(scans):
    return {(scan.split, scan.label, scan.path.name) for scan in scans}


@pytest.mark.parametrize(
    ("train", "test"), [("Training", "Testing"), ("training", "testing"), ("Train", "test")]
)
def test_the_usual_names_of_split_folders_are_known(make_files, train, test):
    folder = make_files(f"{train}/a/1.png", f"{train}/b/2.jpg", f"{test}/a/3.png")
    assert found(read_dataset(folder)) == {
        ("train", "a", "1.png"),
        ("train", "b", "2.jpg"),
        ("test", "a", "3.png"),
    }


def test_class_folders_beside_split_folders_are_no_classes_of_their_own(make_files):
    folder = make_files("Training/a/1.png", "Training/b/2.png", "leftovers/3.png", "4.png")
    assert found(read_dataset(folder)) == {("train", "a", "1.png"), ("train", "b", "2.png")}


def test_a_data_set_without_a_test_part_is_read(make_files):
    scans = read_dataset(make_files("Training/a/1.png", "Training/b/2.png"))
    assert {scan.split for scan in scans} == {"train"}


def test_hidden_folders_and_files_that_are_no_scans_are_passed_over(make_files):
    folder = make_files(
        "a/1.png", "b/2.png", "b/notes.txt", "b/.hidden.png", ".cache/3.png", "$RECYCLE.BIN/4.png"
    )
    assert found(read_dataset(folder)) == {("", "a", "1.png"), ("", "b", "2.png")}


def test_scans_in_folders_within_a_class_folder_belong_to_the_class(make_files):
    folder = make_files("a/patient 1/1.png", "a/patient 2/deep/2.png", "b/3.png")
    assert Counter(scan.label for scan in read_dataset(folder)) == {"a": 2, "b": 1}


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems allow text alone")
def test_a_class_folder_whose_name_is_no_text_is_a_class_that_can_be_written(make_files):
    labels = classes_of(read_dataset(make_files("a/1.png", "M\udce4rz/2.png", "M\udce5rz/3.png")))
    assert labels == ("M\\udce4rz", "M\\udce5rz", "a")


def test_a_class_is_one_class_in_whichever_letters_systems_write_its_accents(make_files):
    folder = make_files(
        "Training/me\u0301ningiome/1.png", "Testing/m\u00e9ningiome/2.png", "Training/a/3.png"
    )
    (folder / "all.csv").write_text(
        "path,label\nTraining/a/3.png,a\nTesting/m\u00e9ningiome/2.png,me\u0301ningiome\n",
        encoding="utf-8",
    )
    for place in (folder, folder / "all.csv"):
        assert classes_of(read_dataset(place)) == ("a", "m\u00e9ningiome")


def test_scans_come_class_by_class_in_natural_order(make_files):
    folder = make_files("b/1.png", "a/10.png", "a/2.png", "a/1.png")
    assert [f"{scan.label}/{scan.path.name}" for scan in read_dataset(folder)] == [
        "a/1.png",
        "a/2.png",
        "a/10.png",
        "b/1.png",
    ]


def test_the_source_is_the_folders_own_name(make_files):
    scans = read_dataset(make_files("a/1.png", "b/2.png", root="hospital"))
    assert {scan.source for scan in scans} == {"hospital"}
    more = read_class_folder(make_files("more/1.png", root="clinic") / "more", "a")
    assert {(scan.source, scan.label, scan.split) for scan in more} == {
        ("clinic/more", "a", "train")
    }


def test_the_classes_are_in_alphabetical_order_whatever_the_scans_order(make_files):
    scans = read_dataset(make_files("pituitary/1.png", "glioma/2.png", "notumor/3.png"))
    assert classes_of(scans[::-1]) == ("glioma", "notumor", "pituitary")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DatasetError, match="nowhere cannot be reached"):
        read_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match="nowhere is not a folder"):
        read_class_folder(tmp_path / "nowhere", "glioma")


def test_a_place_that_may_not_be_looked_at_is_told_in_words(tmp_path, monkeypatch):
    for name in ("x" * 300, f"{'x' * 300}.csv"):
        with pytest.raises(DatasetError, match="cannot be reached"):
            read_dataset(tmp_path / name)
        assert better_place(tmp_path / name) is None

    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DatasetError, match=r"cannot be listed \(Permission denied\)"):
        read_dataset(tmp_path)


@pytest.mark.parametrize(
    ("files", "words"), [(["a/1.png"], "found a"), (["1.png", "2.png"], "found none")]
)
def test_fewer_than_two_classes_are_refused_with_what_was_found(make_files, files, words):
    with pytest.raises(DatasetError, match=f"at least two classes.*{words}"):
        read_dataset(make_files(*files))


def test_an_added_folder_without_scans_is_refused(make_files):
    with pytest.raises(DatasetError, match=r"Expected scans in .*found none"):
        read_class_folder(make_files("notes.txt"), "glioma")

import shutil

import pytest

from btgui.engine.errors import DatasetError
from training.evaluating.groups import COPIES, by_copies
from training.tested_scans import Whole, as_read, choose_tested


@pytest.fixture
def plain(small_dataset, tmp_path):
    """Another data set of the same classes, without parts."""
    folder = tmp_path / "plain"
    shutil.copytree(small_dataset / "Testing", folder)
    return folder


def test_each_data_set_gives_its_own_test_scans_or_all_it_has(small_dataset, plain):
    tested = choose_tested([small_dataset, plain])
    assert [scan.source for scan in tested.scans] == ["scans"] * 8 + ["plain"] * 8
    assert {scan.split for scan in tested.scans[:8]} == {"test"}
    assert [scan.split for scan in tested.trained] == ["train"] * 28
    assert tested.wholes == (
        Whole("plain", 8, training=0, validation=0, known_as=frozenset({"plain"})),
    )
    assert not tested.split_given
    assert tested.data == ("scans", "plain")


def test_where_every_data_set_names_its_test_scans_nothing_is_tested_whole(small_dataset):
    assert choose_tested([small_dataset]).split_given


def test_where_a_table_names_only_its_test_scans_the_others_are_its_training_part(small_dataset):
    files = sorted(small_dataset.glob("T*/*/*.png"))
    splits = {"Training": "", "Testing": "test"}
    rows = [f"{file},{file.parts[-2]},{splits[file.parts[-3]]}" for file in files]
    table = small_dataset / "scans.csv"
    table.write_text("\n".join(["path,label,split", *rows]), encoding="utf-8")
    tested = choose_tested([table])
    assert (len(tested.scans), len(tested.trained)) == (8, 28)


def test_a_training_part_alone_is_tested_whole_and_never_held_against_itself(small_dataset):
    shutil.rmtree(small_dataset / "Testing")
    (small_dataset / "Validation").mkdir()
    for label in ("healthy", "tumour"):
        place = small_dataset / "Validation" / label
        place.mkdir()
        shutil.move(small_dataset / "Training" / label / "00.png", place)
    tested = choose_tested([small_dataset])
    known_as = frozenset({"scans"})
    assert tested.wholes == (Whole("scans", 28, training=26, validation=2, known_as=known_as),)
    less = Whole("scans", 20, training=18, validation=2, unread=8, known_as=known_as)
    assert as_read(tested, tested.scans[8:]).wholes == (less,)
    assert tested.trained == []


def test_a_part_that_is_named_alone_is_known_as_its_data_set_too(small_dataset):
    tested = choose_tested([small_dataset / "Training"])
    assert tested.known_as == {"Training", "scans"}
    assert choose_tested([small_dataset]).known_as == {"scans"}


def table_of(place, labels):
    files = sorted((place / "Training" / "tumour").glob("*.png"))
    rows = [f"{file},{label}" for file, label in zip(files, labels, strict=False)]
    table = place / "scans.csv"
    table.write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    return table


def test_scans_whose_class_is_known_in_part_are_counted_and_not_tested(small_dataset):
    tested = choose_tested([table_of(small_dataset, ["a", "b", "a|b", "b|a"])])
    assert [scan.label for scan in tested.scans] == ["a", "b"]
    assert tested.unknown == 2
    with pytest.raises(DatasetError, match="received only scans that may be of several classes"):
        choose_tested([table_of(small_dataset, ["a|b", "b|a"])])


def test_copies_of_training_scans_whose_class_is_known_in_part_are_found(small_dataset):
    rows = [
        ("Testing/tumour/00.png", "a", "test"),
        ("Testing/tumour/01.png", "b", "test"),
        ("Testing/tumour/02.png", "a|b", "test"),
        ("Training/tumour/03.png", "a|b", ""),  # mirrored, it is the first test scan
        ("Training/tumour/04.png", "b|a", "train"),
        ("Training/tumour/05.png", "a|b", "validation"),
    ]
    table = small_dataset / "scans.csv"
    table.write_text(
        "\n".join(map(",".join, [("path", "label", "split"), *rows])), encoding="utf-8"
    )
    tested = choose_tested([table])
    assert [scan.path.name for scan in tested.scans] == ["00.png", "01.png"]
    assert [scan.path.name for scan in tested.trained] == ["03.png", "04.png"]
    assert by_copies(tested.scans, tested.trained)[COPIES].tolist() == [True, False]


def test_a_data_set_counts_once(small_dataset):
    with pytest.raises(DatasetError, match="is named twice"):
        choose_tested([small_dataset, small_dataset / "Training" / ".."])


def test_a_scan_counts_once_where_one_data_set_holds_another(small_dataset, plain, tmp_path):
    with pytest.raises(DatasetError, match=r"8 scans are in more than one of .*healthy/00\.png"):
        choose_tested([small_dataset, small_dataset / "Testing"])
    # What trains in one and is tested in another counts once, too; copies lie elsewhere.
    assert len(choose_tested([small_dataset, small_dataset / "Training"]).scans) == 36
    assert len(choose_tested([small_dataset, plain]).scans) == 16
    (tmp_path / "link").symlink_to(small_dataset)
    with pytest.raises(DatasetError, match="count twice"):
        choose_tested([tmp_path / "link" / "Testing", small_dataset])

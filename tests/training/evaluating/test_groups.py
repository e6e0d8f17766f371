import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan, read_dataset
from btgui.engine.errors import DatasetError
from training.evaluating.groups import (
    COPIES,
    by_collection,
    by_copies,
    by_name,
    by_novelty,
    by_plane,
    by_source,
)


def scan(path, source="made"):
    return LabelledScan(path, "glioma", "test", source)


def test_scans_are_parted_by_folder_and_by_what_their_names_tell(tmp_path):
    names = ("a_T1_1.png", "a_T1C_2.png", "b_T1_3.png", "c.png")
    scans = [scan(tmp_path / name, source=name[0]) for name in names]
    assert {name: part.sum() for name, part in by_source(scans).items()} == {"a": 2, "b": 1, "c": 1}
    sequences = by_name(scans, "_(T1C|T1|T2)_")
    assert {name: part.tolist() for name, part in sequences.items()} == {
        "T1": [True, False, True, False],
        "T1C": [False, True, False, False],
    }


def test_folders_of_one_collection_are_one_part(tmp_path):
    sources = ("ward/glioma", "ward/notumor", "study")
    scans = [scan(tmp_path / f"{source}.png", source) for source in sources]
    assert {name: part.tolist() for name, part in by_collection(scans).items()} == {
        "study": [False, False, True],
        "ward": [True, True, False],
    }
    assert by_collection(scans[:2]) == {}  # one part is no way to part
    assert by_collection(scans[1:]) == {}  # as by folder


def test_scans_are_grouped_by_whether_they_are_novel():
    groups = by_novelty(np.array([0.2, 1.0, 1.2]))
    assert {name: part.tolist() for name, part in groups.items()} == {
        "like the training scans": [True, True, False],
        "unlike the training scans": [False, False, True],
    }
    assert by_novelty(None) == {}


@pytest.mark.parametrize("pattern", ["(", "T1", "(a)(b)"])
def test_a_pattern_that_cannot_part_is_refused(pattern):
    with pytest.raises(DatasetError, match="regular expression"):
        by_name([], pattern)


def test_planes_come_from_a_table(tmp_path):
    table = tmp_path / "planes.csv"
    table.write_text("image,plane\nTraining/1.png,axial\n", encoding="utf-8")
    (tmp_path / "Training").mkdir()
    scans = [scan(tmp_path / "Training" / "1.png"), scan(tmp_path / "Training" / "2.png")]
    for one in scans:
        one.path.touch()
    assert {n: p.tolist() for n, p in by_plane(scans, table, [tmp_path]).items()} == {
        "axial": [True, False]
    }
    table.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="columns image and plane"):
        by_plane(scans, table, [tmp_path])
    table.write_text("image,plane\nTraining/9.png,axial\n", encoding="utf-8")
    with pytest.raises(DatasetError, match=r"No scan named in planes\.csv"):
        by_plane(scans, table, [tmp_path])


def test_planes_of_a_data_set_that_is_a_table_are_read_as_spreadsheets_write_them(tmp_path):
    (tmp_path / "1.png").touch()
    dataset = tmp_path / "scans.csv"
    dataset.write_text("path,label\n1.png,glioma\n", encoding="utf-8")
    table = tmp_path / "planes.csv"
    table.write_text("Image;Plane\n1.png;axial\nshort\n", encoding="utf-8")
    assert {
        n: p.tolist() for n, p in by_plane([scan(tmp_path / "1.png")], table, [dataset]).items()
    } == {"axial": [True]}


def test_mirrored_copies_are_found_and_unreadable_scans_copy_nothing(small_dataset):
    (small_dataset / "Training" / "tumour" / "broken.png").write_bytes(b"broken")
    scans = read_dataset(small_dataset)
    tested = [scan for scan in scans if scan.split == "test"]
    found = by_copies(tested, [s for s in scans if s.split == "train"])
    assert np.sum([*found.values()], axis=0).tolist() == [1] * len(tested)
    names = [
        f"{scan.label}/{scan.path.name}"
        for scan, is_copy in zip(tested, found[COPIES], strict=True)
        if is_copy
    ]
    assert names == ["tumour/00.png"]


def test_it_is_told_how_many_scans_have_been_read(four_classes):
    scans, counts = read_dataset(four_classes), []
    by_copies(scans[:5], scans[5:12], counts.append)
    assert counts == list(range(1, 13))

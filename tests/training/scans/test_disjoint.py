import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from training.scans.disjoint import check_disjoint


@pytest.fixture
def places(tmp_path):
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    return folders


def scans_in(folder, *names):
    return [LabelledScan(folder / name, "glioma", "", folder.name) for name in names]


def test_data_sets_whose_scans_have_the_same_names_share_none(places):
    one, other = places
    check_disjoint(places, scans_in(one, "1.png") + scans_in(other, "1.png"))


def test_a_data_set_that_is_named_twice_is_refused_in_whatever_way_it_is_written(places):
    one, _ = places
    with pytest.raises(DatasetError, match="is named twice"):
        check_disjoint([one, one / ".." / one.name], [])


def test_a_scan_that_a_linked_folder_brings_in_again_is_told(places):
    one, other = places
    try:
        (other / "link").symlink_to(one, target_is_directory=True)
    except OSError:
        pytest.skip("this account may make no links")
    scans = scans_in(one, "1.png", "2.png") + scans_in(other / "link", "1.png", "2.png")
    with pytest.raises(DatasetError, match=r"2 scans are in more than one of .*1\.png"):
        check_disjoint(places, scans)

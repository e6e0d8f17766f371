import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError, TrainingError
from tests.training.conftest import Teller
from training.fitting.material import _check_reached, gather, request_of, split


@pytest.fixture
def check(tmp_path):
    """Return a function that checks two classes of ``count`` scans, of which the first are lost."""

    def check(count, *, gone=0, spoilt=0):
        files = [(label, tmp_path / f"{label}{n}.png") for label in "ab" for n in range(count)]
        asked = [LabelledScan(file, label, "", "the disk") for label, file in files]
        for scan in asked[gone:]:
            scan.path.touch()
        _check_reached(asked, asked[gone + spoilt :])

    return check


@pytest.mark.parametrize(("count", "few"), [(10, 5), (200, 12)])
def test_a_few_scans_that_are_gone_end_no_run(check, count, few):
    check(count, gone=few)


@pytest.mark.parametrize(("count", "many"), [(10, 6), (200, 13)])
def test_more_scans_that_are_gone_are_a_disk_that_is_not_there(check, count, many):
    words = rf"{many} of {2 * count} scans are missing \(of the disk\)\. Connect the disk"
    with pytest.raises(DatasetError, match=words):
        check(count, gone=many)


def test_a_class_of_which_scans_are_gone_and_none_is_left_is_not_trained_without(check):
    with pytest.raises(DatasetError, match="1 of 6 scans are missing"):
        check(3, gone=1, spoilt=2)


def test_files_that_are_damaged_end_a_run_only_where_they_are_all_of_a_class(check):
    check(10, spoilt=9)
    with pytest.raises(DatasetError, match=r"No scan of a can be read\. Check these files"):
        check(10, spoilt=10)


def test_the_split_s_own_seed_decides_what_chooses_where_it_is_given(request_for, tmp_path):
    def chosen(**seeds):
        request = request_for(**seeds)
        splits = split(request, gather(request), tmp_path / "none", Teller()).splits
        return {scan.path for scan in splits.validation}

    assert chosen(seed=1, split_seed=5) == chosen(seed=2, split_seed=5) == chosen(seed=5)
    assert chosen(seed=1) != chosen(seed=5)


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_what_is_no_run_s_folder_is_told(tmp_path, text):
    if text is not None:
        (tmp_path / "request.json").write_text(text)
    with pytest.raises(TrainingError, match=r"Expected the work folder .* received .*"):
        request_of(tmp_path)

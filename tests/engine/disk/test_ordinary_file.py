import os

import pytest

from btgui.engine.disk.ordinary_file import check_ordinary, is_special
from btgui.engine.errors import ScanError
from btgui.engine.image_source import page_count
from btgui.engine.scan_source import find_scans
from btgui.engine.studies.dicomdir import missing_files
from btgui.engine.studies.index import index_places
from tests.conftest import write_head

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
NAMES = ("x.zip", "DICOMDIR", "x.tif", "scan", "x.dcm", "x.nii", "x.nii.gz", "x.png")


@pytest.fixture
def pipes(tmp_path):
    """Pipes without a writer: opening one would block for ever."""
    for name in NAMES:
        os.mkfifo(tmp_path / name)
    return tmp_path


def test_files_folders_and_what_is_missing_are_not_special(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file", tmp_path / "none", tmp_path / "nothing\0here"):
        assert not is_special(path)
        check_ordinary(path)


def test_a_pipe_is_refused_by_name(pipes):
    with pytest.raises(ScanError, match=r"x\.tif is not a regular file"):
        check_ordinary(pipes / "x.tif")


@pytest.mark.timeout(20)
def test_pipes_in_a_folder_are_passed_over_and_the_scans_beside_them_found(pipes):
    scan = write_head(pipes / "a.png")
    index = index_places([pipes])
    assert index.pictures == (scan,)
    assert {told.path.name for told in index.passed_over} == set(NAMES)
    assert all(
        "not a regular file" in told.reason or "ZIP" in told.reason for told in index.passed_over
    )
    assert find_scans([pipes], volumes=True) == [scan]


@pytest.mark.timeout(20)
def test_a_pipe_has_one_page_and_lists_nothing(pipes):
    assert page_count(pipes / "x.tif") == 1
    assert missing_files(pipes / "DICOMDIR") == ()

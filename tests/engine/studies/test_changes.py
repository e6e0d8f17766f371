import os

import pytest

from btgui.engine.studies.changes import has_changed
from btgui.engine.studies.index import index_places
from tools.make_series import make_series


@pytest.fixture
def files(tmp_path):
    return make_series(tmp_path, slices=4, size=16)


@pytest.fixture
def series(files, tmp_path):
    (found,) = index_places([tmp_path]).series
    return found


def test_files_as_they_were_have_not_changed(series):
    assert not has_changed(series)


def test_one_file_written_anew_is_a_change(series, files):
    later = files[2].stat().st_mtime_ns + 2_000_000_000
    os.utime(files[2], ns=(later, later))
    assert has_changed(series)
    assert not has_changed(series, lambda: True)


def test_a_file_that_has_gone_is_none(series, files):
    files[1].unlink()
    assert not has_changed(series)

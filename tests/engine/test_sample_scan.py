import gzip
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.sample_scan import sample_scan_path
from btgui.engine.scan_source import read_scan


def test_the_sample_is_a_head_in_a_file_of_the_user_s_own(isolated_home):
    path = sample_scan_path()
    assert isolated_home in path.parents
    scan = read_scan(path)
    assert scan.shape == (256, 256)
    assert scan.values.std() > 30
    assert 30 < scan.grey.mean() < 130


def test_it_is_written_once():
    first = sample_scan_path().stat().st_mtime_ns
    assert sample_scan_path().stat().st_mtime_ns == first


def test_a_cache_that_cannot_be_written_leaves_nothing_half_written(isolated_home, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("PIL.Image.Image.save", full)
    with pytest.raises(OSError, match="No space left"):
        sample_scan_path()
    assert not list((isolated_home / "cache").iterdir())


def test_it_holds_the_values_of_the_file_that_it_came_from():
    import matplotlib as mpl

    with gzip.open(Path(mpl.get_data_path()) / "sample_data" / "s1045.ima.gz") as stream:
        values = np.frombuffer(stream.read(), ">u2")
    scan = read_scan(sample_scan_path())
    assert np.array_equal(scan.values.ravel(), values)
    assert scan.metadata["Depth"] == "over 8 bits"

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

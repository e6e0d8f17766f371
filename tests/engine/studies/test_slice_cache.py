from pathlib import Path

from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.slice_cache import SliceCache


def test_the_scan_unused_for_longest_makes_room(scan_file):
    scan = read_scan(scan_file)
    size = scan.grey.nbytes + scan.values.nbytes
    cache = SliceCache(2 * size)
    first, second, third = (ScanAddress(Path("a"), frame) for frame in range(3))
    cache.put(first, scan)
    cache.put(second, scan)
    assert cache.get(first) is scan
    cache.put(third, scan)
    assert cache.get(second) is None
    assert first in cache
    assert third in cache
    assert cache.size_bytes == 2 * size


def test_a_scan_put_twice_counts_once_and_one_too_large_is_not_kept(scan_file):
    scan = read_scan(scan_file)
    size = scan.grey.nbytes + scan.values.nbytes
    cache, small = SliceCache(size), SliceCache(size - 1)
    address = ScanAddress(scan_file)
    for _ in range(2):
        cache.put(address, scan)
        small.put(address, scan)
    assert (cache.size_bytes, small.size_bytes) == (size, 0)
    cache.clear()
    assert (cache.size_bytes, cache.get(address)) == (0, None)

"""How much memory a series of many slices takes: its index, and its scans read one by one.

python -m benchmarks.slice_reading [SLICES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import psutil

from btgui.engine.scan_source import read_scan
from btgui.engine.studies.index import index_places
from tools.make_series import make_series


def main(slices: int) -> None:
    """Make the series, index it, read every slice, and print time and memory."""
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        make_series(Path(folder), slices=slices, size=256)
        before = process.memory_info().rss
        start = time.perf_counter()
        (series,) = index_places([Path(folder)]).series
        indexed = time.perf_counter()
        highest = before
        for one in series.slices:
            read_scan(one.address)
            highest = max(highest, process.memory_info().rss)
        read = time.perf_counter()
    print(f"{slices} slices: indexed in {indexed - start:.1f} s, read in {read - indexed:.1f} s")
    print(f"At most {(highest - before) / 1e6:.0f} MB above the start")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

"""Measure the time to index many DICOM files, and the memory of the index.

    python -m benchmarks.study_index [FILES]

The files are written to a temporary folder: 256 by 256 pixels of 16 bits, 200 files per series.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid

from btgui.engine.studies.index import index_places

_SLICES = 200
_SIDE = 256


def main(files: int) -> None:
    """Write the files, index them twice (for time, then for memory) and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), files)
        start, worked = time.perf_counter(), time.process_time()
        index = index_places([Path(folder)])
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        del index
        tracemalloc.start()
        index = index_places([Path(folder)])
        kept, peak = tracemalloc.get_traced_memory()
        print(f"{files} files, {len(index.series)} series: {seconds:.1f} s")
        print(f"CPU time: {worked:.1f} s")
        print(f"Memory kept: {kept / 1e6:.1f} MB, peak: {peak / 1e6:.1f} MB")


def _write(folder: Path, files: int) -> None:
    dataset = dcmread(str(get_testdata_file("MR_small.dcm", download=False)))
    dataset.Rows = dataset.Columns = _SIDE
    dataset.PixelData = bytes(2 * _SIDE * _SIDE)
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    for number in range(files):
        if number % _SLICES == 0:
            dataset.SeriesInstanceUID = generate_uid()
        dataset.SOPInstanceUID = generate_uid()
        dataset.ImagePositionPatient = [0, 0, number % _SLICES]
        dataset.save_as(folder / f"{number:06}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)

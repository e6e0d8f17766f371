"""Measure how many slices get another verdict alone than in their series, without VOI windows.

Usage: python -m benchmarks.lone_slices HEAD.nii.gz

Reads the slices of a head in three planes with the shipped model; HEAD must have NIfTI's axis
directions.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import nibabel
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.data import get_testdata_file

from btgui.engine.analysis import Analyser
from btgui.engine.models.library import ModelLibrary
from btgui.engine.paths import shipped_models_folder
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.series_window import window_of_series

_BRIGHTEST, _NOISE = 1200, 12


def main(head: Path) -> None:
    """Read every slice with its own window and with the series' window, and print the figures."""
    volume = np.asarray(nibabel.load(head).dataobj, np.float64)
    volume *= _BRIGHTEST / volume.max()
    noise = np.random.default_rng(1).normal(0, _NOISE, (2, *volume.shape))
    values = np.rint(np.hypot(volume + noise[0], noise[1])).astype(np.uint16)  # Rician noise
    with tempfile.TemporaryDirectory() as folder:
        analyser = Analyser(ModelLibrary(shipped_models_folder(), Path(folder)).default_model())
        pairs = []
        for axis in range(3):
            slices = _written(values, axis, Path(folder))
            windows = (None, window_of_series(slices))
            pairs += [[analyser.classify(read_scan(one, w)) for w in windows] for one in slices]
    outlined = np.array([[read.preprocessed.outline.has_head for read in pair] for pair in pairs])
    both = [
        [read.prediction for read in pair]
        for pair, seen in zip(pairs, outlined.all(axis=1), strict=True)
        if seen
    ]
    changed = sum(alone.verdict != shared.verdict for alone, shared in both)
    moved = [np.ptp([one.probabilities for one in pair], axis=0).max() for pair in both]
    healthy = [sum(pair[at].verdict == "notumor" for pair in both) for at in (0, 1)]
    print(
        f"Slices with an outline, alone and in the series: {outlined.sum(axis=0)} of {len(pairs)}"
    )
    print(
        f"Another verdict, of {len(both)} with one in both: {changed} ({changed / len(both):.1%})"
    )
    print(f"Mean of the largest change of a probability: {np.mean(moved):.2f}")
    print(f"Verdict no tumour, alone and in the series: {healthy}")


def _written(values: NDArray[np.uint16], axis: int, folder: Path) -> list[ScanAddress]:
    """Write the slices along an axis, upright, as DICOM files without VOI windows."""
    dataset = dcmread(str(get_testdata_file("MR_small.dcm", download=False)))
    for name in ("WindowCenter", "WindowWidth", "PixelPaddingValue"):
        if name in dataset:
            delattr(dataset, name)
    dataset.PixelRepresentation = 0
    found = []
    for number, picture in enumerate(np.moveaxis(values, axis, 0)):
        upright = np.ascontiguousarray(np.rot90(picture))
        dataset.Rows, dataset.Columns = upright.shape
        dataset.PixelData = upright.tobytes()
        file = folder / f"{axis}-{number}.dcm"
        dataset.save_as(file)
        found.append(ScanAddress(file))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path, help="NIfTI volume of a head")
    main(parser.parse_args().head)

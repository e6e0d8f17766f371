"""Measure how often the crop misses the tumour, and how often there is a warning.

Usage: python -m benchmarks.crops DATASET MASKS.csv

Measured on the outlined training scans of a data set, with the shipped model's parameters.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.preprocessing import PreprocessingParameters, find_head
from training.scans.masks import mask_on_scan, read_masks

_HALF = 127


def main() -> None:
    """Measure and print three lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("masks", type=Path, help="CSV table of scans and their outlines")
    options = parser.parse_args()
    masks = read_masks(options.masks, [options.dataset])
    shares, warned = [], []
    for scan in read_dataset(options.dataset):
        file = masks.get(scan.path.resolve())
        if file is None or scan.split != "train":
            continue
        grey = scan.read().grey
        outline = find_head(grey, PreprocessingParameters())
        tumour = mask_on_scan(file, grey.shape) > _HALF
        if not tumour.any():
            continue
        box = outline.box
        shares.append(tumour[box.slices].sum() / tumour.sum())
        warned.append(bool(outline.note) and outline.has_head)
    kept, has_warning = np.array(shares), np.array(warned)
    missed, whole = kept < 1 / 2, kept == 1
    print(f"{len(kept):,} scans; less than half of the tumour in the crop: {missed.sum()}, "
          f"none of it: {(kept == 0).sum()}")  # fmt: skip
    print(f"warning shown: {has_warning[missed].sum()} of these {missed.sum()}")
    print(
        f"warning shown: {has_warning[whole].mean():.1%} of {whole.sum():,} with the whole tumour in the crop"
    )


if __name__ == "__main__":
    main()

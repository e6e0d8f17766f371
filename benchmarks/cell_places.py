"""Measure where heatmaps point if each cell is placed where it looks, and if cells are even.

Usage: python -m benchmarks.cell_places MODEL DATASET MASKS.csv

Measured on the outlined scans of the data set that chose the model's best epoch, by its record.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.disk.files import sha256_of
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.models.pack import open_pack
from btgui.engine.runtimes.choice import create_runtime
from training.evaluating.explanations import Pointing, compare
from training.networks.geometry import with_grids
from training.scans.masks import mask_on_crop, read_masks
from training.scans.scan_record import read_record

_SIDE = 224  # pixels, as in the pointing game


def main() -> None:
    """Measure and print two lines for each stage."""
    import keras

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("masks", type=Path, help="CSV table of scans and their outlines")
    options = parser.parse_args()
    pack = open_pack(options.model)
    network = keras.saving.load_model(pack.model_file, compile=False)
    looking = {one.label: one.grid for one in with_grids(pack.card.stages, network)}
    chose = read_record(pack)["validation"]
    masks = read_masks(options.masks, [options.dataset])
    analyser = Analyser(pack, create_runtime(pack, "openvino"))
    found: dict[tuple[str, str], list[Pointing]] = defaultdict(list)
    for scan in read_dataset(options.dataset):
        file = masks.get(scan.path.resolve())
        if file is None or sha256_of(scan.path) not in chose:
            continue
        analysis = analyser.classify(scan.read())
        mask = mask_on_crop(file, analysis.preprocessed.outline.box, analysis.scan.shape, _SIDE)
        if not mask.any():
            continue
        explained = analyser.explain(analysis, pack.card.classes.index(scan.label)).explanation
        for stage in explained.stages if explained else ():
            grids = {
                "even": FeatureGrid.even(stage.grid.shape),
                "where they look": looking[stage.label],
            }
            for words, grid in grids.items():
                pointing = compare(replace(stage, grid=grid), mask, scan.label, "grad_cam")
                found[stage.label, words].append(pointing)
    for (stage, words), all_of in found.items():
        exact, near, heat = (
            np.mean([getattr(one, name) for one in all_of])
            for name in ("exact", "near", "heat_inside")
        )
        print(
            f"{stage}, cells {words}: in the tumour {exact:.1%}, within 15 pixels {near:.1%}, "
            f"heat inside {heat:.1%} ({len(all_of)} scans)"
        )


if __name__ == "__main__":
    main()

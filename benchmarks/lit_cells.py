"""Measure which cell of a network's last feature map a bright patch lights up most, place by place.

Usage: python -m benchmarks.lit_cells inceptionv3 [--weights FILE]

Without weights, random ones of three seeds: which pixels a cell looks at hardly depends on them. Printed
are the places, in pixels, where the next cell takes over, beside the borders half-way between the cells'
computed centres and the borders of even cells.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from btgui.engine.feature_grid import GridAxis
from training.networks.architectures import ARCHITECTURES, build_network
from training.networks.geometry import feature_grids

_SEEDS = 3
_HALF, _STEP = 5, 3  # pixels: half of the patch's side, and from place to place


def main() -> None:
    """Measure and print one line."""
    import keras

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", choices=ARCHITECTURES)
    parser.add_argument("--weights", default="none", help="file of ImageNet weights")
    options = parser.parse_args()
    known = ARCHITECTURES[options.network]
    side, layer = known.input_side, known.stages[-1].layer
    places = np.arange(_HALF, side - _HALF, _STEP)
    lit: list[NDArray[np.float64]] = []
    for seed in range(_SEEDS):
        keras.utils.set_random_seed(seed)
        network = build_network(options.network, 4, weights=options.weights, dropout=0.0)
        part = keras.Model(network.input, network.get_layer(layer).output)
        noise = np.random.default_rng(seed).normal(0, 0.3, (side, side, 3)).astype(np.float32)
        scans = np.stack([noise] * len(places))
        for scan, place in zip(scans, places, strict=True):
            scan[place - _HALF : place + _HALF, side // 2 - _HALF : side // 2 + _HALF] += 2
        change = np.abs(part.predict(scans, 8, verbose=0) - part.predict(noise[None], verbose=0))
        rows = change.sum(axis=(2, 3), dtype=np.float64)
        lit.append(rows / rows.sum(axis=1, keepdims=True))
    most = np.mean(lit, axis=0).argmax(axis=1)
    (grid,) = feature_grids(network, [layer])
    print(f"measured {_borders(most, places)}; ", end="")
    print(
        f"computed {_half_way(grid.rows, side)}; even {_half_way(GridAxis.even(grid.rows.count), side)}"
    )


def _borders(most: NDArray[np.intp], places: NDArray[np.intp]) -> list[float]:
    """Return where another cell becomes the brightest one, half-way between two places."""
    changes = np.flatnonzero(np.diff(most))
    return [float((places[at] + places[at + 1]) / 2) for at in changes]


def _half_way(axis: GridAxis, side: int) -> list[float]:
    centres = axis.centres() * side
    return [round(float(at), 1) for at in (centres[:-1] + centres[1:]) / 2]


if __name__ == "__main__":
    main()

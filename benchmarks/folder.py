"""Throughput on a folder of JPEGs, compared with the network alone at its best batch size.

The folder is read as in the window, by the network's process.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.timing import milliseconds

if TYPE_CHECKING:
    from btgui.engine.models.pack import ModelPack
    from btgui.engine.network_process.client import ProcessRuntime

_BATCHES = (1, 2, 4, 8, 16, 32)
_ROUNDS = 3
_SECONDS = 2.0


def folder_rate(model: Path, files: list[Path], count: int) -> dict[str, float]:
    """Return scans per second for ``count`` JPEGs, and for the network alone at its best batch size.

    If there are fewer files than ``count``, they are read repeatedly. The best batch size is chosen
    on arrays in memory, before the comparison.
    """
    from btgui.engine.models.pack import open_pack
    from btgui.engine.network_process.client import ProcessRuntime

    pack = open_pack(model)
    runtime = ProcessRuntime(pack)
    runtime.warm_up()
    with tempfile.TemporaryDirectory() as place:
        names = _many(files, count, Path(place))
        alone = _Alone(pack)
        best = max(_BATCHES, key=alone.rate)
        rates = [(_read(runtime, names), alone.rate(best)) for _ in range(_ROUNDS)]
    runtime.close()
    folder, network = (float(np.median(one)) for one in zip(*rates, strict=True))
    return {"folder": folder, "network_alone": network, "best_batch": best}


def _many(files: list[Path], count: int, place: Path) -> list[Path]:
    """Return ``count`` files, or links to the files if there are fewer."""
    if len(files) >= count:
        return files[:count]
    names = []
    for number, file in zip(range(count), itertools.cycle(files), strict=False):
        name = place / f"{number:05d}.jpg"
        name.symlink_to(file.resolve())
        names.append(name)
    return names


def _read(runtime: ProcessRuntime, names: list[Path]) -> float:
    start = time.perf_counter()
    for _ in runtime.readings(names):
        pass
    return len(names) / (time.perf_counter() - start)


class _Alone:
    """The network alone, on arrays in memory, in this process."""

    def __init__(self, pack: ModelPack) -> None:
        from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime

        self._runtime = OpenVinoRuntime(pack)
        size = pack.card.preprocessing
        self._shape = (size.input_height, size.input_width, 3)

    def rate(self, batch: int) -> float:
        """Return scans per second at this batch size."""
        inputs = np.random.default_rng(0).uniform(-1, 1, (batch, *self._shape)).astype(np.float32)
        self._runtime.logits(inputs)
        taken: list[float] = []
        while sum(taken) < _SECONDS * 1000:
            taken.append(milliseconds(lambda: self._runtime.logits(inputs)))
        return batch / (float(np.median(taken)) / 1000)

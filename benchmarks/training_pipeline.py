"""Measures whether training's memory grows with the data set, and whether the network waits for it.

Usage: python benchmarks/training_pipeline.py [--scans 500] [--steps 8] [--rounds 5]

Memory: a process of its own runs through all batches of N and of 4 N drawn scans; told is what it
holds above what the framework alone holds (its own pages; pages of the cache file that the system
may take back at any time are told apart). Rate: steps of MobileNetV2 on augmented batches of the
recommended recipe and on one batch that is ready, by turns in one process; the ratio is what counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

_LABELS = ("glioma", "meningioma", "notumor", "pituitary")


def main() -> int:
    """Measure both and print them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=500)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        print(json.dumps(_memory(options.memory_of)))
        return 0
    with tempfile.TemporaryDirectory() as place:
        figures: dict[str, Any] = {"memory_mib": {}}
        for count in (options.scans, 4 * options.scans):
            folder = Path(place) / str(count)
            _draw(folder, count)
            command = [sys.executable, __file__, "--memory-of", str(folder)]
            _ = subprocess.run(command, check=True, capture_output=True)  # fills the cache
            done = subprocess.run(command, check=True, capture_output=True)
            figures["memory_mib"][f"{count} scans"] = json.loads(done.stdout)
        figures["rate"] = _rates(Path(place) / str(options.scans), options.steps, options.rounds)
    print(json.dumps(figures, indent=1))
    return 0


def _draw(folder: Path, count: int) -> None:
    """Write noisy ellipses of a scan's usual size as JPEG."""
    import cv2
    import numpy as np

    generator = np.random.default_rng(count)
    for label in _LABELS:
        (folder / label).mkdir(parents=True)
    for index in range(count):
        picture = np.zeros((512, 512), np.uint8)
        axes = (int(generator.integers(150, 220)), int(generator.integers(180, 240)))
        cv2.ellipse(picture, (256, 256), axes, 0, 0, 360, 120, -1)
        texture = cv2.resize(generator.normal(0, 30, (32, 32)), (512, 512))
        picture = np.where(picture > 0, np.clip(picture + texture, 0, 255), 0).astype(np.uint8)
        cv2.imwrite(str(folder / _LABELS[index % 4] / f"{index:05d}.jpg"), picture)


def _batches_of(folder: Path) -> Any:  # noqa: ANN401  (ScanBatches: importing it imports Keras)
    from btgui.engine.dataset import classes_of, read_dataset
    from btgui.engine.preprocessing import PreprocessingParameters
    from btgui.engine.training_request import RECOMMENDED
    from training.batches import ScanBatches
    from training.cache import cache_scans

    scans = read_dataset(folder)
    parameters = PreprocessingParameters()
    cached = cache_scans(scans, {}, parameters, folder.with_suffix(".cache"), lambda _: None)
    return ScanBatches(
        cached, classes_of(scans), parameters, RECOMMENDED, grid=7, seed=1, training=True
    )


def _memory(folder: Path) -> dict[str, float]:
    """Return MiB above the framework's own after one epoch of batches."""
    import keras  # noqa: F401

    import training.batches  # noqa: F401
    from training.loop import made_ahead

    before = _resident()
    for _ in made_ahead(_batches_of(folder), 0):
        pass
    after = _resident()
    return {name: round(after[name] - before[name], 1) for name in after}


def _resident() -> dict[str, float]:
    import psutil

    facts = psutil.Process().memory_info()
    shared = getattr(facts, "shared", 0)
    return {"own": (facts.rss - shared) / 2**20, "mapped_files": shared / 2**20}


def _rates(folder: Path, steps: int, rounds: int) -> dict[str, float]:
    """Return seconds a step on real and on ready batches, and the ratio of their rates."""
    from training.architectures import build_network
    from training.label_loss import label_loss
    from training.loop import made_ahead
    from training.mask_loss import mask_loss, training_network

    network = build_network("mobilenetv2", 4, weights="none", dropout=0.4)
    model = training_network(network)
    model.compile("adam", loss={"logits": label_loss(0.05), "activation": mask_loss})
    batches = _batches_of(folder)
    ready = batches[0]

    def endless() -> Iterator[Any]:
        while True:
            yield from made_ahead(batches, 0)
            batches.on_epoch_end()

    real = endless()
    model.train_on_batch(*ready)
    taken: dict[str, list[float]] = {"real": [], "ready": []}
    for _ in range(rounds):
        for name, source in (("real", real), ("ready", iter(lambda: ready, None))):
            start = time.perf_counter()
            for batch in islice(source, steps):
                model.train_on_batch(*batch)
            taken[name].append((time.perf_counter() - start) / steps)
    ratios = [b / a for a, b in zip(taken["real"], taken["ready"], strict=True)]
    return {
        "seconds_a_step_on_real_batches": round(statistics.median(taken["real"]), 4),
        "seconds_a_step_on_ready_batches": round(statistics.median(taken["ready"]), 4),
        "share_of_the_rate_on_ready_batches": round(statistics.median(ratios), 3),
    }


if __name__ == "__main__":
    sys.exit(main())

"""Measure whether training memory grows with the data set, and whether the network waits for batches.

Usage: python -m benchmarks.training_pipeline [--scans 500] [--steps 8] [--rounds 5]

Memory: separate processes run through all batches of N and of 4 N synthetic scans, and compare the scans
for copies as an honest split does. Reported is the peak memory above that of the framework alone:
private pages and, separately, pages of the cache file, which the system may reclaim at any time.

Rate: training steps of MobileNetV2 on augmented batches of the recommended recipe and on one batch in
memory alternate in one process; the ratio is what counts. Also reported are the share of time without a
batch for the network, and the CPU time of a batch relative to that of a step, which other programs
affect less than the ratio.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from training.augmenting.batches import ScanBatches

_SECONDS_BETWEEN_LOOKS = 0.01
_TIMED_BATCHES = 20
_LABELS = ("glioma", "meningioma", "notumor", "pituitary")


def main() -> int:
    """Measure both and print them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=500)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory-of", choices=("batches", "copies"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        work = {"batches": _run_through, "copies": _compare}[options.memory_of]
        print(json.dumps(_memory(options.folder, work)))
        return 0
    with tempfile.TemporaryDirectory() as place:
        figures: dict[str, Any] = {"memory_mib": {"batches": {}, "copies": {}}}
        for count in (options.scans, 4 * options.scans):
            folder = Path(place) / str(count)
            _draw(folder, count)
            _ = _apart("batches", folder)  # fills the cache
            for what, found in figures["memory_mib"].items():
                found[f"{count} scans"] = _apart(what, folder)
        figures["rate"] = _rates(Path(place) / str(options.scans), options.steps, options.rounds)
    print(json.dumps(figures, indent=1))
    return 0


def _apart(what: str, folder: Path) -> dict[str, float]:
    """Measure the memory in a separate process."""
    command = [sys.executable, "-m", "benchmarks.training_pipeline", "--memory-of", what]
    command += ["--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True)
    return dict(json.loads(done.stdout))


def _draw(folder: Path, count: int) -> None:
    """Write noisy ellipses of the usual size of a scan as JPEG files."""
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


def _batches_of(folder: Path) -> ScanBatches:
    from btgui.engine.datasets.dataset import classes_of, read_dataset
    from btgui.engine.feature_grid import FeatureGrid
    from btgui.engine.preprocessing import PreprocessingParameters
    from btgui.engine.training_request import RECOMMENDED
    from training.scans.cache import cache_scans

    scans = read_dataset(folder)
    parameters = PreprocessingParameters()
    cached = cache_scans(scans, {}, parameters, folder.with_suffix(".cache"), lambda _: None)
    return ScanBatches(
        cached,
        classes_of(scans),
        parameters,
        RECOMMENDED,
        grid=FeatureGrid.even((7, 7)),
        seed=1,
        training=True,
    )


def _memory(folder: Path, work: Callable[[Path], None]) -> dict[str, float]:
    """Return the peak memory in MiB above the framework's own while work is done on a folder."""
    import keras  # noqa: F401

    import training.fitting.loop
    import training.scans.splits  # noqa: F401

    before = _resident()
    most = dict(before)
    done = threading.Event()

    def look() -> None:
        while not done.wait(_SECONDS_BETWEEN_LOOKS):
            most.update({name: max(most[name], now) for name, now in _resident().items()})

    looking = threading.Thread(target=look)
    looking.start()
    try:
        work(folder)
    finally:
        done.set()
        looking.join()
    return {name: round(most[name] - before[name], 1) for name in most}


def _run_through(folder: Path) -> None:
    from training.fitting.loop import made_ahead

    for _ in made_ahead(_batches_of(folder), 0):
        pass


def _compare(folder: Path) -> None:
    from btgui.engine.datasets.dataset import read_dataset
    from training.grouping.copies import NEAR_CORRELATION, find_copies, group_linked, signatures

    scans = read_dataset(folder)
    signs = signatures(scans)
    group_linked((pair.indices for pair in find_copies(signs, signs, NEAR_CORRELATION)), len(scans))


def _resident() -> dict[str, float]:
    import psutil

    facts = psutil.Process().memory_info()
    shared = getattr(facts, "shared", 0)
    return {"own": (facts.rss - shared) / 2**20, "mapped_files": shared / 2**20}


def _rates(folder: Path, steps: int, rounds: int) -> dict[str, float]:
    """Return the duration of a step on real batches and on one in memory, and their ratio."""
    from btgui.engine.training_request import RECOMMENDED
    from training.fitting.loop import made_ahead
    from training.fitting.probe import compiled_model
    from training.fitting.steps import training_step

    batches = _batches_of(folder)
    ready = batches[0]
    batch_seconds = _processor_seconds_a_batch(batches)
    train = training_step(compiled_model("mobilenetv2", RECOMMENDED, len(_LABELS)))

    def endless() -> Iterator[Any]:
        while True:
            yield from made_ahead(batches, 0)
            batches.epoch += 1

    sources = {"real": endless(), "ready": iter(lambda: ready, None)}
    train(ready)
    taken: dict[str, list[float]] = {name: [] for name in sources}
    waited = step_seconds = 0.0
    for _ in range(rounds):
        for name, source in sources.items():
            start_of_work = time.process_time()
            seconds, without = _train(train, source, steps)
            taken[name].append(seconds / steps)
            if name == "real":
                waited += without
            else:
                step_seconds += (time.process_time() - start_of_work) / steps / rounds
    ratios = [b / a for a, b in zip(taken["real"], taken["ready"], strict=True)]
    return {
        "seconds_a_step_on_real_batches": round(statistics.median(taken["real"]), 4),
        "seconds_a_step_on_ready_batches": round(statistics.median(taken["ready"]), 4),
        "share_of_the_rate_on_ready_batches": round(statistics.median(ratios), 3),
        "share_of_the_time_without_a_batch": round(waited / (steps * sum(taken["real"])), 4),
        "processor_seconds_a_batch": round(batch_seconds, 4),
        "processor_seconds_a_step": round(step_seconds, 4),
        "processor_time_of_a_batch_against_a_step": round(batch_seconds / step_seconds, 3),
    }


def _train(
    train: Callable[[Any], object], source: Iterator[Any], steps: int
) -> tuple[float, float]:
    """Train some steps; return their duration in seconds, and the time spent waiting for batches."""
    start, waited = time.perf_counter(), 0.0
    for _ in range(steps):
        asked = time.perf_counter()
        batch = next(source)
        waited += time.perf_counter() - asked
        train(batch)
    return time.perf_counter() - start, waited


def _processor_seconds_a_batch(batches: Any) -> float:  # noqa: ANN401  (ScanBatches)
    start = time.process_time()
    for index in range(_TIMED_BATCHES):
        batches[index % len(batches)]
    return (time.process_time() - start) / _TIMED_BATCHES


if __name__ == "__main__":
    sys.exit(main())

"""What each step costs for one scan, and how that compares with Keras and with TensorFlow.

Usage: python benchmarks/latency.py SCAN [--model FOLDER] [--repeats 30]

Prints one JSON object: seconds until the model is ready, medians in milliseconds by step, the
resident memory before TensorFlow is imported for the comparison, and the ratios to Keras'
``model.predict`` and to a compiled TensorFlow function, measured in turn within this run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scan", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--repeats", type=int, default=30)
    options = parser.parse_args()

    import psutil

    from btgui.engine.analysis import Analyser
    from btgui.engine.model_library import ModelLibrary
    from btgui.engine.model_pack import open_pack
    from btgui.engine.paths import shipped_models_folder, user_models_folder

    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    start = time.perf_counter()
    pack = open_pack(options.model or library.default_model().folder)
    analyser = Analyser(pack)
    runtime = analyser.runtime
    runtime.warm_up()
    ready = time.perf_counter() - start
    steps: dict[str, list[float]] = {}
    for _ in range(options.repeats):
        for step, value in analyser.read(options.scan, explain=True).milliseconds.items():
            steps.setdefault(step, []).append(value)
    memory = psutil.Process().memory_info().rss
    network_input = analyser.read(options.scan).preprocessed.network_input

    # Only now: what follows is what ours is compared with.
    import keras

    from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

    keras_model = keras.saving.load_model(pack.model_file, compile=False)
    tensorflow = TensorFlowRuntime(pack)
    one = network_input[None]
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: runtime.logits(one),
        "keras_predict": lambda: keras_model.predict(one, verbose=0),
        "tensorflow_compiled": lambda: tensorflow.logits(one),
        "ours_five_maps": lambda: runtime.stage_maps(network_input, 0, "grad_cam"),
        "tensorflow_five_maps": lambda: tensorflow.stage_maps(network_input, 0, "grad_cam"),
    }
    times = _alternately(ways, options.repeats)
    report = {
        "model": pack.card.id,
        "device": f"{runtime.device.name}, {runtime.device.runtime}",
        "ready_s": round(ready, 1),
        "median_ms": {step: round(statistics.median(values), 1) for step, values in steps.items()},
        "memory_mib": round(memory / 2**20),
        "compared_ms": {name: round(value, 1) for name, value in times.items()},
        "ratios": {
            "keras_predict": round(times["keras_predict"] / times["ours"], 1),
            "tensorflow_compiled": round(times["tensorflow_compiled"] / times["ours"], 1),
            "five_maps": round(times["tensorflow_five_maps"] / times["ours_five_maps"], 1),
        },
    }
    print(json.dumps(report, indent=1))
    return 0


def _alternately(ways: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return each way's median milliseconds, all measured in turn within one run."""
    for work in ways.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, work in ways.items():
            taken[name].append(_milliseconds(work))
    return {name: statistics.median(values) for name, values in taken.items()}


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())

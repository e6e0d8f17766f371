"""What each step costs for one scan, and what the compiled function saves over ``predict``.

Usage: python benchmarks/latency.py SCAN [--model FOLDER] [--repeats 30]

Prints one JSON object: medians in milliseconds by step, the resident memory, and the ratio of
Keras' ``model.predict`` to the compiled function, both measured alternately in this run.
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

    import keras
    import psutil

    from btgui.engine.analysis import Analyser
    from btgui.engine.model_library import ModelLibrary
    from btgui.engine.model_pack import open_pack
    from btgui.engine.paths import shipped_models_folder, user_models_folder

    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    pack = open_pack(options.model or library.default_model().folder)
    analyser = Analyser(pack)
    start = time.perf_counter()
    analyser.runtime.warm_up()
    warm_up = time.perf_counter() - start
    steps: dict[str, list[float]] = {}
    for _ in range(options.repeats):
        for step, value in analyser.read(options.scan, explain=True).milliseconds.items():
            steps.setdefault(step, []).append(value)
    network_input = analyser.read(options.scan).preprocessed.network_input[None]
    keras_model = keras.saving.load_model(pack.model_file, compile=False)
    keras_model.predict(network_input, verbose=0)
    plain, compiled = [], []
    for _ in range(options.repeats):
        plain.append(_milliseconds(lambda: keras_model.predict(network_input, verbose=0)))
        compiled.append(_milliseconds(lambda: analyser.runtime.logits(network_input)))
    report = {
        "model": pack.card.id,
        "device": analyser.runtime.device.name,
        "warm_up_s": round(warm_up, 1),
        "median_ms": {step: round(statistics.median(values), 1) for step, values in steps.items()},
        "predict_over_compiled": round(statistics.median(plain) / statistics.median(compiled), 1),
        "memory_mib": round(psutil.Process().memory_info().rss / 2**20),
    }
    print(json.dumps(report, indent=1))
    return 0


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())

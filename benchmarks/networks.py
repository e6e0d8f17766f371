"""Measure one network's ratios, in a process of its own so that networks do not affect each other.

Usage: python -m benchmarks.networks NETWORK SCAN [--seconds 6]

The network is the shipped one or has random weights, which do not affect the time. Prints one JSON
object of milliseconds and ratios.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.original_way import five_maps
from benchmarks.timing import alternately

if TYPE_CHECKING:
    from btgui.engine.models.pack import ModelPack
    from btgui.engine.runtimes import Runtime

_ROUNDS = 3
# benchmark_app without OpenVINO's telemetry, so that nothing leaves this computer.
_BENCHMARK_APP = (
    "import sys; sys.modules['openvino_telemetry'] = None; "
    "from openvino.tools.benchmark.main import main; sys.exit(main())"
)
_MEDIAN = re.compile(r"Median:\s+([\d.]+) ms")


def main() -> int:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", help="name of an architecture")
    parser.add_argument("scan", type=Path, help="a JPEG scan")
    parser.add_argument(
        "--seconds", type=float, default=6.0, help="duration of each comparison (default 6)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        pack = make_pack(options.network, Path(place))
        print(json.dumps(_measure(pack, options.scan, options.seconds, Path(place)), indent=1))
    return 0


def make_pack(network: str, place: Path) -> ModelPack:
    """Return the shipped model of this architecture, or write one with random weights."""
    from btgui.engine.models.library import ModelLibrary
    from btgui.engine.models.pack import open_pack
    from btgui.engine.paths import shipped_models_folder
    from btgui.engine.preprocessing import PreprocessingParameters
    from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
    from training.fitting.save_model import TrainedNetwork, save_model
    from training.fitting.validation import Calibrated
    from training.networks.architectures import architecture, build_network
    from training.scans.splits import Splits

    known = architecture(network)
    for pack in ModelLibrary(shipped_models_folder(), place / "none").models():
        if pack.card.architecture == known.display_name:
            return open_pack(pack.folder)
    classes = ("glioma", "meningioma", "notumor", "pituitary")
    request = TrainingRequest(
        datasets=("none",),
        output=str(place / network),
        name=network,
        architecture=network,
        weights="none",
        recipe=AS_PUBLISHED,
        preprocessing=PreprocessingParameters(
            input_height=known.input_side,
            input_width=known.input_side,
            pixel_scaling=known.pixel_scaling,
        ),
    )
    made = TrainedNetwork(
        build_network(network, len(classes), weights="none", dropout=0.4),
        classes,
        Calibrated(temperature=1.0, accuracy=0.0),
        seconds=0.0,
    )
    return save_model(request, made, Splits([], [], [], 0))


def _measure(pack: ModelPack, scan: Path, seconds: float, place: Path) -> dict[str, object]:
    from btgui.engine.analysis import Analyser
    from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime

    ours = OpenVinoRuntime(pack)
    analyser = Analyser(pack, ours)
    network_input = analyser.read(scan).preprocessed.network_input
    alone, theirs = _beside_benchmark_app(pack, ours, network_input[None], seconds, place)

    import keras

    from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

    tensorflow = TensorFlowRuntime(pack)
    plain = keras.saving.load_model(pack.model_file, compile=False)
    one = network_input[None]
    layers = tuple(stage.layer for stage in pack.card.stages)
    times = alternately(
        {
            "file_to_probabilities": lambda: analyser.read(scan),
            "keras_predict": lambda: plain.predict(one, verbose=0),
            "five_maps": lambda: ours.stage_maps(network_input, 0, "grad_cam"),
            "tensorflow_forward": lambda: tensorflow.logits(one),
        },
        seconds=seconds,
    )
    original = alternately(
        {
            "five_maps_again": lambda: ours.stage_maps(network_input, 0, "grad_cam"),
            "original_maps": lambda: five_maps(plain, layers, network_input, 0),
        },
        seconds=seconds / 2,
        fewest=2,
    )
    name = pack.card.architecture
    return {
        "network": name,
        "milliseconds": {
            key: round(value, 2)
            for key, value in {
                "network_alone": alone,
                "benchmark_app": theirs,
                **times,
                **original,
            }.items()
        },
        "ratios": {
            "predict": times["keras_predict"] / times["file_to_probabilities"],
            "network": alone / theirs,
            "maps": times["five_maps"] / times["tensorflow_forward"],
            "maps-original": original["original_maps"] / original["five_maps_again"],
        },
    }


def _beside_benchmark_app(
    pack: ModelPack, ours: Runtime, one: object, seconds: float, place: Path
) -> tuple[float, float]:
    """Return our median milliseconds and benchmark_app's, measured alternately, three times each."""
    converted = place / "converted" / "model.xml"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.convert", pack.model_file, converted], check=True
    )
    mine, theirs = [], []
    for _ in range(_ROUNDS):
        mine.append(alternately({"ours": lambda: ours.logits(one)}, seconds=seconds / 2)["ours"])
        theirs.append(_benchmark_app(converted, seconds / 2))
    return statistics.median(mine), statistics.median(theirs)


def _benchmark_app(model: Path, seconds: float) -> float:
    options = ["-m", str(model), "-d", "CPU", "-hint", "latency", "-api", "sync"]
    options += ["-infer_precision", "f32", "-t", str(max(1, round(seconds)))]
    done = subprocess.run(
        [sys.executable, "-c", _BENCHMARK_APP, *options], capture_output=True, text=True, check=True
    )
    found = _MEDIAN.search(done.stdout)
    if found is None:
        raise RuntimeError(f"benchmark_app printed no median:\n{done.stdout[-2000:]}")
    return float(found.group(1))


if __name__ == "__main__":
    sys.exit(main())

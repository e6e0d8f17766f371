"""Measure the speed-up and the error of half precision with the default model.

Usage: python -m benchmarks.half_precision SCANS [--every 10]

Reads every tenth JPEG of a folder in full and in half precision, with OpenVINO on the processor. Prints
one JSON object with the speed-up of half precision for one scan and for many, the shift of the
probabilities and the number of changed verdicts. Use scans on which no reported accuracy is based.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.timing import alternately
from btgui.engine.classifier import predict
from btgui.engine.models.library import ModelLibrary
from btgui.engine.paths import shipped_models_folder
from btgui.engine.preprocessing import preprocess
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime
from btgui.engine.scan_source import find_scans, read_scan

_SECONDS = 6.0
_BATCH = 32


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scans", type=Path, help="folder of JPEG scans")
    parser.add_argument(
        "--every", type=int, default=10, metavar="N", help="read every Nth scan (default 10)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as nowhere:
        pack = ModelLibrary(shipped_models_folder(), Path(nowhere)).default_model()
    files = find_scans([options.scans])[:: options.every]
    if len(files) < _BATCH:
        raise SystemExit(f"Expected at least {_BATCH} scans to measure, received {len(files)}.")
    parameters = pack.card.preprocessing
    inputs = np.stack([preprocess(read_scan(f).grey, parameters).network_input for f in files])
    ways = {"full": OpenVinoRuntime(pack), "half": OpenVinoRuntime(pack, half_precision=True)}
    one = alternately(
        {name: lambda way=way: way.logits(inputs[:1]) for name, way in ways.items()},
        seconds=_SECONDS,
    )
    many = alternately(
        {name: lambda way=way: way.logits(inputs[:_BATCH]) for name, way in ways.items()},
        seconds=_SECONDS,
    )
    full, half = (
        np.array([p.probabilities for p in predict(pack.card, way, inputs)])
        for way in ways.values()
    )
    shift = np.abs(half - full).max(axis=1)
    report = {
        "computed_with": ways["half"].device.runtime,
        "scans": len(files),
        "times_faster_one_scan": round(one["full"] / one["half"], 2),
        "times_faster_many_scans": round(many["full"] / many["half"], 2),
        "mean_shift_in_probability": round(float(shift.mean()), 4),
        "largest_shift_in_probability": round(float(shift.max()), 4),
        "verdicts_changed": int((half.argmax(axis=1) != full.argmax(axis=1)).sum()),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()

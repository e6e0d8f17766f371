"""Convert a Keras file with OpenVINO's own converter, for OpenVINO's benchmark_app.

Usage: python -m benchmarks.convert MODEL.keras MODEL.xml

The conversion goes through TensorFlow's SavedModel, in float32 and for a batch of one scan. It runs in
a process of its own, so that TensorFlow is not loaded in the process that measures.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Convert the file; return the exit status."""
    import keras

    from btgui.engine.runtimes.openvino_library import load_openvino

    source, target = map(Path, sys.argv[1:3])
    openvino = load_openvino()
    network = keras.saving.load_model(source, compile=False)
    with tempfile.TemporaryDirectory() as place:
        network.export(place, verbose=False)
        converted = openvino.convert_model(place, input=[1, *network.input_shape[1:]])
    target.parent.mkdir(parents=True)
    openvino.save_model(converted, target, compress_to_fp16=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())

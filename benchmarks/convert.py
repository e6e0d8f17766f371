"""OpenVINO's own conversion of a Keras file, for its own benchmark.

Usage: python -m benchmarks.convert MODEL.keras MODEL.xml

By way of TensorFlow's saved model; float32 is kept, and one scan is the batch. In a
process of its own, so that TensorFlow is not in the one that measures.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Convert."""
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

"""The choice of the runtime that executes a model on this computer."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from typing import Literal

from btgui.engine.models.pack import ModelPack
from btgui.engine.one_line import one_line
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.runtimes import Runtime

_LONGEST_REASON = 200  # characters; TensorFlow's error messages may fill pages


def create_runtime(pack: ModelPack, wanted: RuntimeName = "auto") -> Runtime:
    """Return a runtime with the network of a verified pack loaded.

    Parameters
    ----------
    wanted
        "auto": TensorFlow on a GPU if it can use one; otherwise, or if that fails, OpenVINO, which
        is several times faster on a CPU; TensorFlow also for a network with layers that are not
        supported with OpenVINO, or whose results with it differ from the card's reference. The
        runtime's device names the choice, and why a GPU is not used. "openvino-half" is OpenVINO
        in half precision, "intel-gpu" OpenVINO on an Intel GPU.

    Raises
    ------
    ModelPackError
        The network does not match its card, no runtime allowed by ``wanted`` supports the network
        with correct results, or there is no such device.
    """
    if wanted == "tensorflow":
        return _on_tensorflow(pack)
    gpu_failed = ""
    if wanted == "auto" and _tensorflow_has_a_gpu():
        try:
            on_gpu = _on_tensorflow(pack)
        except Exception as error:  # noqa: BLE001  (if a training holds its memory, for example)
            gpu_failed = one_line(str(error), _LONGEST_REASON) or type(error).__name__
        else:
            if on_gpu.device.kind == "gpu":
                return on_gpu
            # TensorFlow gives the reason on standard error only, and falls back to the CPU.
            gpu_failed = "TensorFlow found no GPU that its libraries and the driver support."
    from btgui.engine.runtimes.openvino_layers import UnknownLayerError
    from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime
    from btgui.engine.runtimes.reference_check import RuntimeDiffersError

    kind: Literal["CPU", "GPU"] = "GPU" if wanted == "intel-gpu" else "CPU"
    half = wanted == "openvino-half"
    runtime = OpenVinoRuntime(pack, kind, half_precision=half, gpu_failed=gpu_failed)
    try:
        runtime.load()
    except (UnknownLayerError, RuntimeDiffersError):
        if wanted != "auto":
            raise
        return _on_tensorflow(pack)
    return runtime


def _on_tensorflow(pack: ModelPack) -> Runtime:
    from btgui.engine.runtimes.tensorflow_runtime import TensorFlowRuntime

    runtime = TensorFlowRuntime(pack)
    runtime.load()
    return runtime


def _tensorflow_has_a_gpu() -> bool:
    """Whether TensorFlow could use a CUDA GPU, without importing TensorFlow (which takes seconds).

    This needs Linux and NVIDIA's libraries installed as packages (requirements-gpu.txt).
    """
    if not sys.platform.startswith("linux") or importlib.util.find_spec("nvidia") is None:
        return False
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    count = ctypes.c_int(0)
    started = driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0
    return started and count.value > 0

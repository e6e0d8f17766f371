"""Which runtime executes a model on this computer."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from typing import Literal

from btgui.engine.models.pack import ModelPack
from btgui.engine.one_line import one_line
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.runtimes import Runtime

_LONGEST_REASON = 200  # characters of an error of TensorFlow's, which may fill pages


def create_runtime(pack: ModelPack, wanted: RuntimeName = "auto") -> Runtime:
    """Return what executes a verified pack here, loaded.

    Parameters
    ----------
    wanted
        "auto": TensorFlow where it can use a GPU, else, and where that fails, OpenVINO, which is
        several times quicker on a processor; TensorFlow too for a network that OpenVINO's form
        does not know, or does not compute here as the card's reference says. The device of the
        result says what was chosen, and why not the GPU. "openvino-half" is OpenVINO in half
        precision, "intel-gpu" OpenVINO on a GPU of Intel's.

    Raises
    ------
    ModelPackError
        The network does not fit its card, or no runtime that may be chosen knows it and
        computes what it should, or there is no such device.
    """
    if wanted == "tensorflow":
        return _on_tensorflow(pack)
    gpu_failed = ""
    if wanted == "auto" and _tensorflow_has_a_gpu():
        try:
            on_gpu = _on_tensorflow(pack)
        except Exception as error:  # noqa: BLE001  (as where a training has all its memory)
            gpu_failed = one_line(str(error), _LONGEST_REASON) or type(error).__name__
        else:
            if on_gpu.device.kind == "gpu":
                return on_gpu
            # It says why on standard error alone, and would compute on the processor.
            gpu_failed = "TensorFlow finds none that its libraries and the driver fit."
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
    """Whether TensorFlow could use a CUDA GPU, found out without importing it (it takes seconds).

    It can on Linux only, with NVIDIA's libraries installed beside it (requirements-gpu.txt).
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

"""The OpenVINO runtime: fast on any CPU or Intel GPU, and quick to load."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.grad_cam import class_activation_map
from btgui.engine.models.pack import ModelPack
from btgui.engine.results import CamMethod, Device
from btgui.engine.runtimes import Outputs, milliseconds_of_one
from btgui.engine.runtimes.keras_graph import GraphLayer, read_graph
from btgui.engine.runtimes.openvino_graph import OpenVinoGraph
from btgui.engine.runtimes.openvino_library import core
from btgui.engine.runtimes.reference_check import check_reference, distance_from_reference

# Stated explicitly, because OpenVINO uses half precision on some CPUs by default.
_FULL, _HALF = "f32", "bf16"


class OpenVinoRuntime:
    """A pack's network as compiled OpenVINO models, loaded on first use.

    The network is read from the pack's Keras file and translated layer by layer: there is
    no second copy that could differ from the original, and Keras is not needed.

    Parameters
    ----------
    pack
        A verified pack (:func:`btgui.engine.models.pack.open_pack`).
    kind
        "CPU", or "GPU" for an Intel GPU.
    half_precision
        Predict in bfloat16 if the processor supports it: faster, but less exact. Heatmaps
        are always computed in full precision.
    gpu_failed
        Why TensorFlow could not use a GPU, for :attr:`device`; empty if there was no such failure.

    Raises
    ------
    ModelPackError
        On first use: the network has an unsupported layer or does not match its card, or
        OpenVINO finds no device of this kind.
    """

    def __init__(
        self,
        pack: ModelPack,
        kind: Literal["CPU", "GPU"] = "CPU",
        *,
        half_precision: bool = False,
        gpu_failed: str = "",
    ) -> None:
        self._pack = pack
        self._kind = kind
        self._gpu_failed = gpu_failed
        self._precision = _HALF if half_precision else _FULL

    @cached_property
    def device(self) -> Device:
        """The CPU or GPU, with its product name."""
        name = str(self._core.get_property(self._kind, "FULL_DEVICE_NAME")).strip()
        words = f"OpenVINO {version('openvino')}"
        half = self._precision == _HALF and self._computes_in() == _HALF
        if half:
            words += f" in half precision, {self._distance_words()}"
        elif self._precision == _HALF:
            words += " in full precision, because this processor does not support half precision"
        return Device("cpu" if self._kind == "CPU" else "gpu", name, words, half, self._gpu_failed)

    def load(self) -> None:
        """Read and compile the network now, and check it against its card's reference.

        Raises
        ------
        UnknownLayerError
            The network has an unsupported layer.
        RuntimeDiffersError
            The network gives other results here than when it was created.
        ModelPackError
            The network does not match its card.
        """
        if self._precision == _FULL:
            check_reference(self._pack.card, self.logits)
        _ = self._one

    def warm_up(self) -> float:
        """Load and compile the network; return the milliseconds of one scan's forward pass."""
        return milliseconds_of_one(self.logits, self._pack.card.preprocessing)

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, classes) logits for (n, h, w, 3) inputs."""
        return self.outputs(inputs).logits

    def outputs(self, inputs: NDArray[np.float32]) -> Outputs:
        """Return logits and stage means for (n, h, w, 3) inputs."""
        if len(inputs) == 1:
            logits, *means = _answers(self._one, [np.ascontiguousarray(inputs)])
            return Outputs(logits, tuple(means))
        sizes = [output.shape[1] for output in self._many.outputs]
        outputs = [np.empty((len(inputs), size), np.float32) for size in sizes]
        requests = self._requests(len(inputs))
        at_once = len(requests)

        def collect(index: int) -> None:
            request = requests[index % at_once]
            request.wait()
            for computed, tensor in zip(outputs, request.output_tensors, strict=True):
                computed[index] = tensor.data[0]

        for index in range(len(inputs)):
            if index >= at_once:
                collect(index - at_once)
            requests[index % at_once].start_async(np.ascontiguousarray(inputs[index : index + 1]))
        for index in range(len(inputs) - at_once, len(inputs)):
            collect(index)
        logits, *means = outputs
        return Outputs(logits, tuple(means))

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[NDArray[np.float32]]:
        """Return one map per stage for one (h, w, 3) input."""
        chosen = np.eye(len(self._pack.card.classes), dtype=np.float32)[[target_index]]
        answers = _answers(self._explainer, [np.ascontiguousarray(network_input[None]), chosen])
        outputs = [answer[0] for answer in answers]
        count = len(self._pack.card.stages)
        return [
            class_activation_map(activations, gradients, method)
            for activations, gradients in zip(outputs[:count], outputs[count:], strict=True)
        ]

    def _computes_in(self) -> str:
        compiled = self._one.get_compiled_model()
        return str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())

    def _distance_words(self) -> str:
        distance = distance_from_reference(self._pack.card, self.logits)
        if distance is None:
            return "with an unknown error"
        return f"with probabilities off by up to {distance[0]:.3f} on test patterns"

    def close(self) -> None:
        """Release the network and its compiled models."""
        for name in ("_layers", "_one", "_many", "_explainer"):
            self.__dict__.pop(name, None)

    @cached_property
    def _core(self) -> Any:  # noqa: ANN401  (OpenVINO's own)
        devices = core().available_devices
        # With several GPUs, the devices are "GPU.0" and so on; "GPU" means the first.
        if not any(name.split(".")[0] == self._kind for name in devices):
            raise ModelPackError(
                f"OpenVINO found no {self._kind}; its devices are: {', '.join(devices) or 'none'}. "
                f"Install the device's driver, or choose another runtime (Models, Compute with; "
                f"or --runtime)."
            )
        return core()

    @cached_property
    def _layers(self) -> list[GraphLayer]:
        return read_graph(self._pack.model_file)

    @cached_property
    def _one(self) -> Any:  # noqa: ANN401
        compiled = self._compile(self._graph().predictor(), "LATENCY", self._precision)
        return compiled.create_infer_request()

    # Each core computes one scan at a time: cores that share a scan, or a batch, wait for each other.
    @cached_property
    def _many(self) -> Any:  # noqa: ANN401
        return self._compile(self._graph().predictor(), "THROUGHPUT", self._precision)

    # Twice as many requests as run at once, so that an idle core finds the next scan while we wait for
    # the oldest; new ones for each call, because those of a call that failed may still be busy.
    # No callbacks, and so no AsyncInferQueue: OpenVINO's thread releases a callback only after the
    # result is available, and needs Python's lock for that; a model that is closed meanwhile holds
    # the lock and waits for that thread: a deadlock.
    def _requests(self, most: int) -> list[Any]:
        at_once = self._many.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        return [self._many.create_infer_request() for _ in range(min(2 * at_once, most))]

    @cached_property
    def _explainer(self) -> Any:  # noqa: ANN401
        return self._compile(self._graph().explainer(), "LATENCY", _FULL).create_infer_request()

    def _graph(self) -> OpenVinoGraph:
        return OpenVinoGraph(self._layers, self._pack.card)

    def _compile(self, model: Any, aim: str, precision: str) -> Any:  # noqa: ANN401
        configuration = {"PERFORMANCE_HINT": aim, "INFERENCE_PRECISION_HINT": precision}
        try:
            return self._core.compile_model(model, self._kind, configuration)
        except RuntimeError as error:
            raise ModelPackError(
                f"The network of {self._pack.card.name} cannot be compiled: {error}"
            ) from error


def _answers(
    request: Any,  # noqa: ANN401
    inputs: list[NDArray[np.float32]],
) -> list[NDArray[np.float32]]:
    """Return a network's outputs for one scan, computed on OpenVINO's own thread.

    If a scan is computed on our thread, OpenVINO 2026.4 keeps data about that thread. When the
    thread ends, which may be after Python has joined it, OpenVINO cleans up with this data and
    writes into memory that a model closed meanwhile has freed, which causes a crash later.
    """
    request.start_async(inputs)
    request.wait()
    return [np.array(output.data) for output in request.output_tensors]

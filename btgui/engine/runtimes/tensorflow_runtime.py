"""The TensorFlow runtime: on a GPU if there is one, otherwise on the CPU."""

from __future__ import annotations

import os
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.grad_cam import class_activation_map
from btgui.engine.models.keras_file import check_weights_of
from btgui.engine.models.pack import ModelPack
from btgui.engine.results import CamMethod, Device
from btgui.engine.runtimes import Outputs, check_stages, milliseconds_of_one
from btgui.engine.runtimes.processor import processor_name
from btgui.engine.runtimes.quiet_loading import loading_quietly
from btgui.engine.runtimes.reference_check import check_reference

_BACK_END = "tensorflow"


class TensorFlowRuntime:
    """A pack's network as compiled TensorFlow functions, loaded on first use.

    Parameters
    ----------
    pack
        A verified pack (:func:`btgui.engine.models.pack.open_pack`).

    Raises
    ------
    ModelPackError
        On first use: Keras refuses the network, or it does not match its card.
    RuntimeDiffersError
        On first use: the network gives other results here than when it was created.
    """

    def __init__(self, pack: ModelPack) -> None:
        self._pack = pack

    @cached_property
    def device(self) -> Device:
        """The GPU or CPU, with its product name."""
        tf = load_tensorflow()
        runtime = f"TensorFlow {tf.__version__}"
        gpus = tf.config.list_physical_devices("GPU")
        if gpus:
            details = tf.config.experimental.get_device_details(gpus[0])
            return Device("gpu", str(details.get("device_name", "GPU")), runtime)
        return Device("cpu", processor_name(), runtime)

    def load(self) -> None:
        """Load the network now, and check it against its card's reference.

        Raises
        ------
        ModelPackError, RuntimeDiffersError
            As on first use.
        """
        _ = self._forward

    def warm_up(self) -> float:
        """Load and compile the network; return the milliseconds of one scan's forward pass."""
        return milliseconds_of_one(self.logits, self._pack.card.preprocessing)

    def logits(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, classes) logits for (n, h, w, 3) inputs."""
        return self.outputs(inputs).logits

    def outputs(self, inputs: NDArray[np.float32]) -> Outputs:
        """Return logits and stage means for (n, h, w, 3) inputs."""
        logits, means = self._forward(load_tensorflow().constant(inputs))
        return Outputs(np.asarray(logits), tuple(map(np.asarray, means)))

    def stage_maps(
        self, network_input: NDArray[np.float32], target_index: int, method: CamMethod
    ) -> list[NDArray[np.float32]]:
        """Return one map per stage for one (h, w, 3) input."""
        tf = load_tensorflow()
        inputs = tf.constant(network_input[None])
        activations, gradients = self._backward(inputs, tf.constant(target_index, tf.int32))
        return [
            class_activation_map(np.asarray(activation)[0], np.asarray(gradient)[0], method)
            for activation, gradient in zip(activations, gradients, strict=True)
        ]

    def close(self) -> None:
        """Release the network and its compiled functions."""
        for name in ("_network", "_forward", "_backward"):
            self.__dict__.pop(name, None)

    @cached_property
    def _network(self) -> Any:  # noqa: ANN401  (Keras ships no types)
        """The Keras model with every stage and then the logits as outputs."""
        load_tensorflow()
        import keras

        card = self._pack.card
        if (back_end := keras.backend.backend()) != _BACK_END:
            raise ModelPackError(
                f"The network of {card.name} cannot be loaded: expected Keras with the backend "
                f"{_BACK_END}, but it was started with {back_end}. Read scans in a separate "
                f"process, or unset the environment variable KERAS_BACKEND."
            )
        try:
            check_weights_of(self._pack.model_file)
            loaded = keras.saving.load_model(
                self._pack.model_file, custom_objects={}, compile=False, safe_mode=True
            )
            layers = [loaded.get_layer(stage.layer) for stage in card.stages]
            logits = loaded.get_layer(card.logits_layer)
            network = keras.Model(
                loaded.input, [*(layer.output for layer in layers), logits.output]
            )
        except Exception as error:  # Keras raises many types of exception
            raise ModelPackError(f"The network of {card.name} cannot be loaded: {error}") from error
        check_stages(card, [tuple(layer.output.shape)[1:-1] for layer in layers])
        size = card.preprocessing
        expected = (None, size.input_height, size.input_width, 3)
        if network.input_shape != expected or logits.output.shape[-1] != len(card.classes):
            raise ModelPackError(
                f"The network of {card.name} does not match its card: expected input {expected} and "
                f"{len(card.classes)} classes, received {network.input_shape} and "
                f"{logits.output.shape[-1]}."
            )
        return network

    @cached_property
    def _forward(self) -> Any:  # noqa: ANN401  (a compiled function)
        tf = load_tensorflow()
        network = self._network

        @tf.function(input_signature=[self._signature(batch=None)], autograph=False)  # type: ignore[untyped-decorator]
        def forward(inputs: Any) -> Any:  # noqa: ANN401
            *stages, logits = network(inputs, training=False)
            return logits, [tf.reduce_mean(stage, axis=(1, 2)) for stage in stages]

        check_reference(self._pack.card, lambda inputs: np.asarray(forward(tf.constant(inputs))[0]))
        return forward

    @cached_property
    def _backward(self) -> Any:  # noqa: ANN401  (a compiled function)
        tf = load_tensorflow()
        network = self._network

        @tf.function(  # type: ignore[untyped-decorator]
            input_signature=[self._signature(batch=1), tf.TensorSpec((), tf.int32)],
            autograph=False,
        )
        def backward(inputs: Any, target: Any) -> Any:  # noqa: ANN401
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(inputs)
                *stages, logits = network(inputs, training=False)
                score = tf.gather(logits[0], target)
            return stages, tape.gradient(score, stages)

        return backward

    def _signature(self, *, batch: int | None) -> Any:  # noqa: ANN401  (a TensorSpec)
        size = self._pack.card.preprocessing
        shape = (batch, size.input_height, size.input_width, 3)
        return load_tensorflow().TensorSpec(shape, "float32")


def load_tensorflow() -> Any:  # noqa: ANN401  (a module)
    """Import TensorFlow without logs; turn off TensorFloat-32 and turn on GPU memory growth.

    Keras, if it has not been imported yet, will use TensorFlow, whatever its settings say.
    By default, TensorFlow rounds to TensorFloat-32's ten bits of mantissa on NVIDIA GPUs since
    Ampere, so that results would differ from those on a CPU.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # This overrides a backend that is set for training: this runtime needs TensorFlow.
    os.environ["KERAS_BACKEND"] = _BACK_END
    with loading_quietly():
        import tensorflow as tf

    take_memory_as_needed()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return tf


def take_memory_as_needed() -> None:
    """Turn on memory growth: by default, TensorFlow allocates all memory of every GPU."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        # A GPU that is in use accepts no settings any more, not even the one that it has.
        if not tf.config.experimental.get_memory_growth(gpu):
            tf.config.experimental.set_memory_growth(gpu, enable=True)

"""The devices that a network is trained on: a processor, one GPU or several."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from btgui.engine.runtimes.processor import processor_name
from btgui.engine.training_runs.events import DeviceKnown


def device() -> DeviceKnown:
    """Return the device that this computer trains on with the current Keras back end."""
    import keras

    names = {"tensorflow": _tensorflow_gpus, "torch": _torch_gpus, "jax": _jax_gpus}[
        keras.backend.backend()
    ]()
    if names:
        return DeviceKnown("gpu", names[0], len(names))
    return DeviceKnown("cpu", processor_name())


def spread_over_all() -> AbstractContextManager[Any]:
    """Return a context in which to build, compile and train a model on all GPUs.

    It uses TensorFlow's MirroredStrategy, or Keras' DataParallel on JAX; :mod:`training.fitting.steps`
    splits the batches. On PyTorch one GPU is used.
    """
    import keras

    several = device().device_kind == "gpu" and device().count > 1
    if several and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.distribute.MirroredStrategy().scope()  # type: ignore[no-any-return]
    if several and keras.backend.backend() == "jax":
        return keras.distribution.DataParallel().scope()  # type: ignore[no-any-return]
    return nullcontext()


def _tensorflow_gpus() -> list[str]:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return [str(one.get("device_name", "GPU")) for one in details]


def _torch_gpus() -> list[str]:
    import keras
    import torch

    used = keras.ops.zeros(()).device  # Keras' device, which KERAS_TORCH_DEVICE may choose
    if used.type == "cpu":
        return []
    if used.type == "mps":
        return ["Apple GPU"]  # PyTorch does not know its name
    return [str(torch.get_device_module(used).get_device_name(used))]  # "cuda" or Intel's "xpu"


def _jax_gpus() -> list[str]:
    import jax

    return [str(one.device_kind) for one in jax.devices() if one.platform == "gpu"]

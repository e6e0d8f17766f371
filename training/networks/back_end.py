"""The Keras back end, which only the environment variable KERAS_BACKEND chooses."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from btgui.engine.errors import TrainingError
from btgui.engine.runtimes.quiet_loading import loading_quietly
from btgui.engine.runtimes.tensorflow_runtime import take_memory_as_needed
from training.destinations import check_temporary_folder

_BACK_ENDS = ("tensorflow", "torch", "jax")


def check_back_end() -> None:
    """Start Keras with the back end of KERAS_BACKEND (default TensorFlow); call it before using Keras.

    The file ``~/.keras/keras.json`` is overridden, as networks and batches need the channels-last
    format and single precision. TensorFlow is set to allocate GPU memory as needed, not all of it, as
    the application may read scans on the same GPU meanwhile.

    Raises
    ------
    TrainingError
        The back end is unknown or not installed, Keras was started with another one, or there is no
        folder for temporary files.
    """
    check_temporary_folder()
    named = os.environ.get("KERAS_BACKEND") or _BACK_ENDS[0]
    if named not in _BACK_ENDS:
        raise TrainingError(
            f"Expected the environment variable KERAS_BACKEND to be one of {', '.join(_BACK_ENDS)}, "
            f"received {named!r}. Change or remove the variable."
        )
    if find_spec(named) is None:
        raise TrainingError(
            f"The environment variable KERAS_BACKEND names {named}, which is not installed. Install "
            f"it (python -m pip install {named}), or remove the variable."
        )
    os.environ["KERAS_BACKEND"] = named
    with loading_quietly():
        import keras

    if (started := keras.backend.backend()) != named:
        raise TrainingError(
            f"Expected Keras to use {named}, but it was already started with {started}. Start the "
            f"training in a process of its own."
        )
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    if named == "tensorflow":
        take_memory_as_needed()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of tensors compiled as far as the back end can, without gradients."""
    import keras

    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            # Without AutoGraph, which would warn that a packaged program has no source code.
            return tf.function(function, autograph=False)  # type: ignore[no-any-return]
        case "jax":
            import jax

            return jax.jit(function)  # type: ignore[no-any-return]
        case _:
            import torch

            return torch.no_grad()(function)  # type: ignore[no-any-return]

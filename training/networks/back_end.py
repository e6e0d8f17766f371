"""What computes: the back end of Keras that the environment names, and nothing else does."""

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
    """Have Keras compute with what KERAS_BACKEND names, else TensorFlow; call it before using Keras.

    What a file ``~/.keras/keras.json`` says does not count: networks and batches are made here
    for channels that come last, and for single precision. TensorFlow, which would take all memory
    of every GPU, takes it as it needs it: the application may read scans on the same one meanwhile.

    Raises
    ------
    TrainingError
        The back end is unknown or not installed, Keras was started with another, or there is no
        folder for temporary files; it says which, and what to do.
    """
    check_temporary_folder()
    named = os.environ.get("KERAS_BACKEND") or _BACK_ENDS[0]
    if named not in _BACK_ENDS:
        raise TrainingError(
            f"Expected in the environment variable KERAS_BACKEND one of {', '.join(_BACK_ENDS)}, "
            f"received {named!r}. Change it or remove it."
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
            f"Expected Keras to compute with {named}, received one that was started with {started} "
            f"before. Start the training in a process of its own."
        )
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    if named == "tensorflow":
        take_memory_as_needed()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of tensors as the back end computes it best: whole where it can, for no gradient."""
    import keras

    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            # Without AutoGraph: a packaged program has no source text, and it would warn of that.
            return tf.function(function, autograph=False)  # type: ignore[no-any-return]
        case "jax":
            import jax

            return jax.jit(function)  # type: ignore[no-any-return]
        case _:
            import torch

            return torch.no_grad()(function)  # type: ignore[no-any-return]

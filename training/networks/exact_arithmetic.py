"""Computing in true float32 for a while, whatever the back end does by itself.

On NVIDIA GPUs since Ampere, TensorFlow, PyTorch (in cuDNN's convolutions) and JAX round the
inputs of float32 products to TensorFloat-32's ten bits of mantissa. That speeds training up
and does it no harm; but what a model's card holds as its answers, others compute in float32.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """Compute in float32 throughout; afterwards the back end does as it did before.

    Build what is to be computed within: a function that was compiled before may keep to the
    arithmetic that it was compiled for (XLA's do). For the same reason, what is compiled in
    here is not for training.

    Sources: ``tf.config.experimental.enable_tensor_float_32_execution``;
    ``torch.backends.cudnn.allow_tf32``, on by default, and
    ``torch.backends.cuda.matmul.allow_tf32``; ``jax.default_matmul_precision``, which holds for
    convolutions, too.
    """
    import keras

    exact = {"tensorflow": _tensorflow, "torch": _torch, "jax": _jax}[keras.backend.backend()]
    with exact():
        yield


@contextmanager
def _tensorflow() -> Iterator[None]:
    import tensorflow as tf

    before = tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        yield
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(before)


@contextmanager
def _torch() -> Iterator[None]:
    import torch

    switches = (torch.backends.cudnn, torch.backends.cuda.matmul)
    with _without_advice():
        before = [switch.allow_tf32 for switch in switches]
        for switch in switches:
            switch.allow_tf32 = False
    try:
        yield
    finally:
        with _without_advice():
            for switch, allowed in zip(switches, before, strict=True):
                switch.allow_tf32 = allowed


@contextmanager
def _without_advice() -> Iterator[None]:
    """Keep PyTorch from warning that there are newer switches: these are in every version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _jax() -> AbstractContextManager[Any]:
    import jax

    return jax.default_matmul_precision("highest")  # type: ignore[no-any-return]

"""Temporary computation in true float32, without TensorFloat-32.

On NVIDIA GPUs since Ampere, TensorFlow, PyTorch (in cuDNN's convolutions) and JAX round the inputs of
float32 products to TensorFloat-32's ten bits of mantissa. That speeds up training without harm, but
the reference logits on a model's card are compared with results in float32.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """Compute in true float32 within the block; the back end's settings are restored afterwards.

    Build the functions to be computed within the block: a function compiled before may keep the
    arithmetic that it was compiled for (XLA's do). For the same reason, do not train with functions
    compiled within the block.

    Sources: ``tf.config.experimental.enable_tensor_float_32_execution``;
    ``torch.backends.cudnn.allow_tf32``, on by default, and
    ``torch.backends.cuda.matmul.allow_tf32``; ``jax.default_matmul_precision``, which also applies to
    convolutions.
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
    """Suppress PyTorch's warning about newer switches; the ones used here exist in every version."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _jax() -> AbstractContextManager[Any]:
    import jax

    return jax.default_matmul_precision("highest")  # type: ignore[no-any-return]

"""Optimisers: Adam or AdamW, with a constant learning rate or cosine decay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from btgui.engine.training_request import Recipe

if TYPE_CHECKING:
    import keras

_HEAD_RATE = 10.0  # factor of the learning rate for a new head on a trained base
_RATE_RANGE = 100.0  # warm-up begins and cosine decay ends at the learning rate divided by this


def make_optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """Return the optimiser of all epochs except those that train the head alone.

    Cosine decay follows Loshchilov and Hutter (2017) without restarts, AdamW Loshchilov and Hutter
    (2019).
    """
    import keras

    rate: Any = recipe.learning_rate
    if recipe.cosine_decay:
        warmup = round(recipe.warmup_epochs * steps_per_epoch)
        epochs = recipe.epochs - recipe.head_epochs
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=recipe.learning_rate / (_RATE_RANGE if warmup else 1),
            decay_steps=max(1, epochs * steps_per_epoch - warmup),
            alpha=1 / _RATE_RANGE,
            warmup_target=recipe.learning_rate if warmup else None,
            warmup_steps=warmup,
        )
    if recipe.weight_decay:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
        # Decaying biases and normalisation scales only hurts (Goyal et al. 2017).
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        return optimizer
    return keras.optimizers.Adam(rate)


def make_head_optimizer(recipe: Recipe) -> keras.optimizers.Optimizer:
    """Return the optimiser of the epochs that train the head alone."""
    import keras

    return keras.optimizers.Adam(recipe.learning_rate * _HEAD_RATE)

"""How weights are moved: Adam or AdamW, at a constant rate or along a cosine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from btgui.engine.training_request import Recipe

if TYPE_CHECKING:
    import keras

_HEAD_RATE = 10.0  # a new head on a trained base bears quicker steps
_RATE_RANGE = 100.0  # the warm-up begins at this part of the rate, and the cosine ends there


def make_optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """Return the optimiser of all epochs but those of the head alone.

    The cosine is that of Loshchilov and Hutter (2017) without restarts, AdamW of theirs of 2019.
    """
    import keras

    rate: Any = recipe.learning_rate
    if recipe.cosine_decay:
        warmup = round(recipe.warmup_epochs * steps_per_epoch)
        epochs = recipe.epochs - recipe.head_epochs
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=recipe.learning_rate / _RATE_RANGE,
            decay_steps=max(1, epochs * steps_per_epoch - warmup),
            alpha=1 / _RATE_RANGE,
            warmup_target=recipe.learning_rate,
            warmup_steps=max(1, warmup),
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

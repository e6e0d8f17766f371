from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED
from training.fitting.optimizers import make_head_optimizer, make_optimizer


def test_as_published_it_is_adam_at_one_rate():
    optimizer = make_optimizer(AS_PUBLISHED, 100)
    assert type(optimizer).__name__ == "Adam"
    assert float(optimizer.learning_rate) == pytest.approx(1e-4)


def test_the_rate_rises_then_falls_along_a_cosine_to_a_hundredth():
    recipe = replace(RECOMMENDED, epochs=5, warmup_epochs=1.0, learning_rate=1e-3)
    optimizer = make_optimizer(recipe, 10)
    assert type(optimizer).__name__ == "AdamW"
    rates = []
    for step in (0, 10, 30, 50):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    # Half-way down the cosine: the mean of the top and a hundredth of it.
    assert rates == pytest.approx([1e-5, 1e-3, 0.505e-3, 1e-5], rel=1e-3)


def test_without_warm_up_the_first_step_has_the_full_rate():
    recipe = replace(RECOMMENDED, epochs=5, warmup_epochs=0.0, learning_rate=1e-3)
    optimizer = make_optimizer(recipe, 10)
    rates = []
    for step in (0, 25, 50):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    assert rates == pytest.approx([1e-3, 0.505e-3, 1e-5], rel=1e-3)


def test_only_what_multiplies_the_features_decays():
    import keras

    inputs = keras.Input((4,))
    outputs = keras.layers.BatchNormalization()(keras.layers.Dense(4)(inputs))
    network = keras.Model(inputs, outputs)
    network.set_weights([np.ones_like(weight) for weight in network.get_weights()])
    optimizer = make_optimizer(
        replace(RECOMMENDED, weight_decay=0.5, learning_rate=0.1, cosine_decay=False), 10
    )
    weights = network.trainable_variables
    optimizer.apply([keras.ops.zeros(weight.shape) for weight in weights], weights)
    moved = {weight.name for weight in weights if not np.allclose(weight.numpy(), 1)}
    assert {weight.name for weight in weights} == {"kernel", "bias", "gamma", "beta"}
    assert moved == {"kernel"}
    (kernel,) = (weight.numpy() for weight in weights if weight.name == "kernel")
    assert kernel == pytest.approx(1 - 0.1 * 0.5)


def test_the_head_s_epochs_are_not_part_of_the_cosine():
    recipe = replace(RECOMMENDED, epochs=5, head_epochs=2, warmup_epochs=1.0, learning_rate=1e-3)
    optimizer = make_optimizer(recipe, 10)
    optimizer.iterations.assign(30)
    assert float(optimizer.learning_rate) == pytest.approx(1e-5, rel=1e-3)


def test_the_head_alone_is_moved_ten_times_as_fast():
    assert float(make_head_optimizer(AS_PUBLISHED).learning_rate) == pytest.approx(1e-3)

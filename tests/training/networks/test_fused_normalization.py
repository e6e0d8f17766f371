"""Fused batch normalisation computes the same as Keras' own layer."""

import numpy as np
import pytest

from training.networks.fused_normalization import with_fused_normalization

SHAPE = (6, 5, 3)


@pytest.fixture
def network():
    """A network with two batch normalisation layers, whose weights are not the defaults."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    inputs = keras.Input(SHAPE)
    values = layers.BatchNormalization(momentum=0.8, epsilon=1e-2, name="whole")(inputs)
    values = layers.Conv2D(4, 3, name="between")(values)
    values = layers.BatchNormalization(scale=False, center=False, name="bare")(values)
    network = keras.Model(inputs, values)
    generator = np.random.default_rng(0)
    network.set_weights([generator.uniform(0.5, 2.0, w.shape) for w in network.get_weights()])
    return network


@pytest.fixture
def batch():
    return np.random.default_rng(1).normal(3.0, 2.0, (4, *SHAPE)).astype(np.float32)


def trains_on(network, batch):
    """Return what a network computes in training, as an array."""
    import keras

    return keras.ops.convert_to_numpy(network(batch, training=True))


def trained(network, batch):
    """Return losses and weights after two steps of training."""
    import keras

    network.compile(keras.optimizers.SGD(0.05), "mean_squared_error")
    targets = np.random.default_rng(2).normal(size=(4, 4, 3, 4)).astype(np.float32)
    losses = [float(network.train_on_batch(batch, targets)) for _ in range(2)]
    return losses, network.get_weights()


def test_it_trains_to_the_weights_that_keras_own_layer_comes_to(network, batch):
    fused = with_fused_normalization(network)
    assert type(fused.get_layer("whole")) is not type(network.get_layer("whole"))
    losses, weights = trained(network, batch)
    fused_losses, fused_weights = trained(fused, batch)
    assert fused_losses == pytest.approx(losses, rel=1e-5)
    # Kernels, scales and offsets, and the moving means and variances beside them.
    for expected, received in zip(weights, fused_weights, strict=True):
        np.testing.assert_allclose(received, expected, rtol=1e-4, atol=1e-5)


def test_the_moving_variance_is_the_batchs_own(network, batch):
    fused = with_fused_normalization(network)
    before = fused.get_layer("whole").get_weights()[-1]
    trains_on(fused, batch)
    expected = 0.8 * before + 0.2 * batch.var(axis=(0, 1, 2))
    np.testing.assert_allclose(fused.get_layer("whole").get_weights()[-1], expected, rtol=1e-5)


def test_in_use_and_frozen_it_goes_by_the_stored_statistics(network, batch):
    fused = with_fused_normalization(network)
    expected = network.predict(batch, verbose=0)
    np.testing.assert_allclose(fused.predict(batch, verbose=0), expected, rtol=1e-5, atol=1e-5)
    for layer in fused.layers:
        layer.trainable = False
    np.testing.assert_allclose(trains_on(fused, batch), expected, rtol=1e-4, atol=1e-4)


def test_names_and_order_of_weights_stay(network):
    fused = with_fused_normalization(network)
    names = [layer.name for layer in network.layers[1:]]  # the first is the input
    assert [layer.name for layer in fused.layers[1:]] == names
    for before, after in zip(network.get_weights(), fused.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_other_normalisation_keeps_to_keras_own_way():
    import keras

    inputs = keras.Input((4, 3))
    values = keras.layers.BatchNormalization(axis=1, name="rows")(inputs)
    network = keras.Model(inputs, keras.layers.BatchNormalization(name="flat")(values))
    fused = with_fused_normalization(network)
    rows = np.random.default_rng(0).normal(size=(5, 4, 3)).astype(np.float32)
    assert type(fused.get_layer("rows")) is keras.layers.BatchNormalization
    expected = trains_on(network, rows)
    np.testing.assert_allclose(trains_on(fused, rows), expected, rtol=1e-5, atol=1e-6)

import numpy as np
import pytest

from training.fitting.mask_loss import mask_loss, training_network


def test_the_loss_is_minus_log_of_the_share_inside_the_mask():
    activation = np.zeros((3, 2, 2, 2), np.float32)
    activation[:, 0, 0, 1] = np.log(5)  # class 1: shares 5/8, 1/8, 1/8, 1/8
    mask = np.zeros((3, 2, 2, 2), np.float32)
    mask[0, 0, 0, 1] = 1
    mask[1, 1, :, 1] = 1
    loss = np.asarray(mask_loss(mask, activation))  # the third scan has no mask
    assert loss == pytest.approx([-np.log(5 / 8), -np.log(2 / 8), 0], abs=1e-4)


def random_activation(seed=0):
    return np.random.default_rng(seed).normal(0, 2, (5, 4, 4, 3)).astype(np.float32)


def test_scans_without_an_outline_cost_nothing():
    activation = random_activation()
    assert not np.asarray(mask_loss(np.zeros_like(activation), activation)).any()


def test_an_outline_that_holds_everything_costs_nothing():
    activation = random_activation()
    mask = np.zeros_like(activation)
    mask[..., 1] = 1
    assert np.asarray(mask_loss(mask, activation)) == pytest.approx(np.zeros(5), abs=1e-5)


def test_only_the_true_classs_map_counts():
    activation, mask = random_activation(), np.zeros((5, 4, 4, 3), np.float32)
    mask[:, 1:3, 1:3, 2] = 1
    changed = activation.copy()
    changed[..., :2] = random_activation(1)[..., :2]
    first, second = (np.asarray(mask_loss(mask, each)) for each in (activation, changed))
    assert first == pytest.approx(second)
    changed[:, 0, 0, 2] += 5  # more of the true class's evidence outside of the tumour
    assert (np.asarray(mask_loss(mask, changed)) > first).all()


@pytest.mark.parametrize("gap", [5.0, 100.0, 1e4])
def test_a_map_wholly_outside_of_the_outline_is_drawn_into_it_however_far_it_is(gap):
    import tensorflow as tf

    start, mask = np.zeros((1, 2, 2, 1), np.float32), np.zeros((1, 2, 2, 1), np.float32)
    start[0, 0, 0, 0] = gap
    mask[0, 1, 1, 0] = 1
    activation = tf.Variable(start)
    with tf.GradientTape() as tape:
        loss = mask_loss(mask, activation)
    assert np.asarray(loss) == pytest.approx([np.log(np.exp(-gap) * 3 + 1) + gap], rel=1e-5)
    gradient = tape.gradient(loss, activation).numpy()
    assert gradient[0, 1, 1, 0] == pytest.approx(-1, abs=0.01)
    assert gradient[0, 0, 0, 0] == pytest.approx(1, abs=0.03)


def test_a_soft_outline_counts_by_its_shares():
    activation = random_activation()
    mask = np.zeros_like(activation)
    mask[..., 2] = np.random.default_rng(1).uniform(0, 1, activation.shape[:3])
    mask[..., 2] /= mask[..., 2].max(axis=(1, 2), keepdims=True)
    assert np.asarray(mask_loss(mask, activation)) == pytest.approx(
        by_hand(mask, activation), abs=1e-4
    )


def by_hand(mask, activation):
    """Minus the logarithm of the share of class 2, in double precision."""
    weights = np.exp(activation[..., 2].astype(np.float64))
    return -np.log((weights * mask[..., 2]).sum(axis=(1, 2)) / weights.sum(axis=(1, 2)))


def test_half_precision_loses_nothing():
    activation = (random_activation() * 5).astype(np.float16)
    mask = np.zeros_like(activation)
    mask[:, 1:3, 1:3, 2] = 1
    loss = np.asarray(mask_loss(mask, activation))
    assert loss.dtype == np.float32
    assert loss == pytest.approx(by_hand(mask, activation), abs=1e-4)


def test_descending_the_loss_moves_the_activation_into_the_outline():
    import tensorflow as tf

    mask = np.zeros((5, 4, 4, 3), np.float32)
    mask[:, 1:3, 1:3, 2] = 1
    activation = tf.Variable(random_activation())
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(mask_loss(mask, activation))
    gradient = tape.gradient(loss, activation).numpy()
    assert (gradient[:, 1:3, 1:3, 2] < 0).all()
    assert (gradient[mask == 0][gradient[mask == 0] != 0] > 0).all()
    assert not gradient[..., :2].any()


def test_the_logits_of_the_training_network_are_the_mean_of_its_activation(tiny_pack):
    """The closed form on which the loss is based (Zhou et al. 2016)."""
    import keras

    network = keras.saving.load_model(tiny_pack.model_file, compile=False)
    inputs = np.random.default_rng(0).uniform(-100, 100, (3, 64, 64, 3)).astype(np.float32)
    outputs = training_network(network)(inputs, training=False)
    activation = np.asarray(outputs["activation"])
    assert activation.shape == (3, 2, 2, 4)
    assert np.asarray(outputs["logits"]) == pytest.approx(activation.mean(axis=(1, 2)), abs=1e-4)


def test_the_training_network_shares_its_weights_with_the_network(tiny_pack):
    import keras

    network = keras.saving.load_model(tiny_pack.model_file, compile=False)
    twin = training_network(network)
    assert {id(weight) for weight in twin.weights} == {id(weight) for weight in network.weights}

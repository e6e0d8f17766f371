import numpy as np
import pytest

from training.fitting.label_loss import label_loss, named_possible, share_right

LOGITS = np.array([[2.0, 0.0, -1.0], [0.5, 1.5, 0.0]], np.float32)
P = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)


def test_with_one_possible_class_it_is_cross_entropy_with_label_smoothing():
    import keras

    one_hot = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
    usual = keras.losses.CategoricalCrossentropy(
        from_logits=True, label_smoothing=0.1, reduction="none"
    )
    assert np.array(label_loss(0.1)(one_hot, LOGITS)) == pytest.approx(
        np.array(usual(one_hot, LOGITS)), rel=1e-5
    )


def test_with_several_it_is_the_logarithm_of_their_summed_probability():
    possible = np.array([[1, 1, 0], [0, 1, 1]], np.float32)
    expected = -np.log([P[0, 0] + P[0, 1], P[1, 1] + P[1, 2]])
    assert np.array(label_loss(0.0)(possible, LOGITS)) == pytest.approx(expected, rel=1e-5)


def test_half_precision_loses_nothing():
    logits = np.random.default_rng(0).normal(0, 5, (20, 3)).astype(np.float16)
    possible = np.eye(3, dtype=np.float16)[np.arange(20) % 3]
    sums = np.log(np.exp(logits.astype(np.float64)).sum(axis=1))
    loss = np.array(label_loss(0.0)(possible, logits))
    assert loss.dtype == np.float32
    assert loss == pytest.approx(sums - (logits * possible).sum(axis=1, dtype=float), abs=1e-4)


def test_any_possible_class_counts_as_named():
    possible = np.array([[0, 1, 1], [1, 1, 0]], np.float32)
    assert np.array(named_possible(possible, LOGITS)).tolist() == [0, 1]


def test_the_share_right_counts_scans_alike_and_passes_over_what_fills_a_batch():
    possible = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    logits = np.concatenate([LOGITS, LOGITS[:1]])  # right, wrong, wrong
    figure = share_right()
    figure.update_state(possible, logits, np.array([3.0, 0.5, 0.0], np.float32))
    assert float(figure.result()) == pytest.approx(0.5)


def test_where_classes_have_no_scans_loss_and_figure_are_among_the_others():
    possible = np.array([[1, 0, 0], [1, 0, 1]], np.float32)
    left, logits = possible[:, [0, 2]], LOGITS[:, [0, 2]]
    assert np.array(label_loss(0.1, (0, 2))(possible, LOGITS)) == pytest.approx(
        np.array(label_loss(0.1)(left, logits)), rel=1e-6
    )
    figure = share_right((0, 2))
    figure.update_state(possible, LOGITS)  # of the second scan, class 1 has the largest logit
    assert float(figure.result()) == 1


def test_nothing_is_learned_or_unlearned_of_a_class_without_scans():
    import keras
    import tensorflow as tf

    features = tf.random.stateless_normal((6, 5), (0, 0))
    possible = tf.one_hot([0, 2, 2, 0, 2, 0], 3)
    head = keras.layers.Dense(3)
    head.build(features.shape)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(label_loss(0.1, (0, 2))(possible, head(features)))
    kernel, bias = (np.array(one) for one in tape.gradient(loss, head.trainable_variables))
    assert not kernel[:, 1].any()
    assert bias[1] == 0
    assert np.abs(kernel[:, [0, 2]]).min() > 0

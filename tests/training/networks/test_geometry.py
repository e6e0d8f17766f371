"""The grids of feature maps, against gradients and the sizes that Keras computes."""

import numpy as np
import pytest

from training.networks.architectures import ARCHITECTURES, build_network
from training.networks.geometry import feature_grids, last_grid, with_grids

SIDE = 61


def network(*layers, shape=(SIDE, SIDE, 1)):
    import keras

    found = made = keras.Input(shape)
    for layer in layers:
        made = layer(made)
    return keras.Model(found, made)


def seen_by(model, row, column):
    """Return the centre of what a cell's output depends on, by the gradient on the input."""
    import tensorflow as tf

    picture = tf.ones((1, *model.input.shape[1:]))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        cell = model(picture)[0, row, column, 0]
    weights = np.abs(tape.gradient(cell, picture).numpy()[0, :, :, 0])
    places = np.arange(SIDE) + 0.5
    return [(weights.sum(axis=1 - axis) * places).sum() / weights.sum() for axis in (0, 1)]


def convolution(kernel, stride, padding, dilation=1):
    from keras import layers

    return layers.Conv2D(
        1, kernel, stride, padding, dilation_rate=dilation, kernel_initializer="ones"
    )


@pytest.mark.parametrize(
    "steps",
    [
        [(3, 2, "valid"), (3, 1, "valid"), (3, 2, "valid")],
        [(3, 2, "same"), (3, 2, "same")],
        [(4, 2, "same"), (5, 3, "same"), (2, 1, "valid")],
        [(3, 1, "valid", 3), (3, 1, "same", 2)],
    ],
)
def test_a_cell_is_centred_on_what_it_sees(steps):
    model = network(*(convolution(*step) for step in steps))
    (grid,) = feature_grids(model, [model.layers[-1].name])
    assert grid.shape == model.output.shape[1:3]
    row, column = grid.rows.count // 2, grid.columns.count // 3
    expected = SIDE * grid.rows.centres()[row], SIDE * grid.columns.centres()[column]
    assert seen_by(model, row, column) == pytest.approx(expected, abs=0.01)


def test_padding_and_cropping_move_cells():
    from keras import layers

    model = network(
        layers.ZeroPadding2D(((2, 1), (0, 3))),
        convolution(3, 2, "valid"),
        layers.Cropping2D(((1, 0), (0, 2))),
        layers.AveragePooling2D(2),
    )
    (grid,) = feature_grids(model, [model.layers[-1].name])
    assert grid.shape == model.output.shape[1:3]
    expected = SIDE * grid.rows.centres()[3], SIDE * grid.columns.centres()[4]
    assert seen_by(model, 3, 4) == pytest.approx(expected, abs=0.01)


def test_branches_that_join_are_centred_on_their_mean():
    import keras
    from keras import layers

    found = keras.Input((SIDE, SIDE, 1))
    plain = layers.AveragePooling2D(1, 2)(found)
    moved = layers.AveragePooling2D(1, 2)(layers.Cropping2D(((1, 0), (1, 0)))(found))
    plain = layers.Cropping2D(((0, 1), (0, 1)))(plain)
    model = keras.Model(found, layers.Add(name="both")([plain, moved]))
    (grid,) = feature_grids(model, ["both"])
    assert grid.shape == model.output.shape[1:3]
    assert SIDE * grid.rows.centres()[10] == pytest.approx(21)  # of pixels 20 and 21
    assert seen_by(model, 10, 10) == pytest.approx([21, 21], abs=0.01)


# Centres of the first and the last cell of the last stage, in pixels of the input.
@pytest.mark.parametrize(
    ("name", "first", "last"),
    [("mobilenetv2", 7.5, 199.5), ("inceptionv3", 37.5, 133.5), ("vgg19", 8, 184)],
)
def test_every_stage_has_the_cells_that_keras_computes(name, first, last):
    known = ARCHITECTURES[name]
    model = build_network(name, 4, weights="none", dropout=0.0)
    stages = with_grids(known.stages, model)
    for stage in stages:
        assert stage.grid.shape == model.get_layer(stage.layer).output.shape[1:3]
    centres = known.input_side * stages[-1].grid.rows.centres()
    assert (centres[0], centres[-1]) == pytest.approx((first, last))
    assert last_grid(model).shape == model.get_layer("pooling").input.shape[1:3]

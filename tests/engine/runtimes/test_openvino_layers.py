"""Each layer's output and gradient against TensorFlow's."""

import numpy as np
import pytest

from btgui.engine.runtimes.keras_graph import read_graph
from btgui.engine.runtimes.openvino_layers import UnknownLayerError, emit
from btgui.engine.runtimes.openvino_library import load_openvino, operations


def through_tensorflow(network, inputs):
    """Return the output for NHWC inputs, and the inputs' gradients of a weighted sum of it."""
    import tensorflow as tf

    given = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(given)
        output = network(given, training=False)
        weights = np.random.default_rng(1).normal(size=output.shape).astype(np.float32)
        score = tf.reduce_sum(output * weights)
    return np.asarray(output), weights, np.asarray(tape.gradient(score, given))


def through_openvino(network, inputs, weights, tmp_path):
    ops = operations()
    network.save(tmp_path / "network.keras")
    given = ops.parameter(list(inputs.shape), np.float32)
    nodes = {}
    derivatives = []
    layers = read_graph(tmp_path / "network.keras")
    nodes[layers[0].name] = ops.transpose(given, [0, 3, 1, 2])
    for layer in layers[1:]:
        nodes[layer.name], derivative = emit(layer, [nodes[name] for name in layer.inputs])
        derivatives.append((layer, derivative))
    output = nodes[layers[-1].name]
    picture = weights.ndim == 4
    factor = ops.parameter(list(weights.shape), np.float32)
    arriving = {layers[-1].name: ops.transpose(factor, [0, 3, 1, 2]) if picture else factor}
    for layer, derivative in reversed(derivatives):
        for name, part in zip(layer.inputs, derivative(arriving[layer.name]), strict=True):
            arriving[name] = ops.add(arriving[name], part) if name in arriving else part
    shown = ops.transpose(output, [0, 2, 3, 1]) if picture else output
    gradient = ops.transpose(arriving[layers[0].name], [0, 2, 3, 1])
    model = load_openvino().Model([shown, gradient], [given, factor], "layer")
    compiled = (
        load_openvino().Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    )
    results = compiled([inputs, weights])
    return results[0], results[1]


def twice(of, count):
    """Return two convolutions with ReLU, the second with as many inputs as outputs."""
    return lambda x: of.Conv2D(count, 3, padding="same", activation="relu")(
        of.Conv2D(count, 3, padding="same", activation="relu")(x)
    )


def cases():
    """Return (name, function from the input tensor to the output) for every layer and setting."""
    from keras import layers as of

    both = [(stride, padding) for stride in (1, 2) for padding in ("same", "valid")]
    found = [
        *(
            (f"conv {stride} {padding}", of.Conv2D(5, 3, stride, padding))
            for stride, padding in both
        ),
        *((f"conv of {count} in and out", twice(of, count)) for count in (3, 16)),
        ("conv with an even kernel", of.Conv2D(5, 4, 2, "same", activation="relu")),
        ("conv without bias", of.Conv2D(5, (1, 7), 1, "same", use_bias=False)),
        *(
            (f"depthwise {stride} {padding}", of.DepthwiseConv2D(3, stride, padding))
            for stride, padding in both
        ),
        ("depthwise of two", of.DepthwiseConv2D(3, 1, "same", depth_multiplier=2)),
        *(
            (f"separable {stride} {padding}", of.SeparableConv2D(5, 3, stride, padding))
            for stride, padding in both
        ),
        *(
            (f"maximum {stride} {padding}", of.MaxPooling2D(3, stride, padding))
            for stride, padding in both
        ),
        ("maximum of four", of.MaxPooling2D(2)),
        *(
            (f"average {stride} {padding}", of.AveragePooling2D(3, stride, padding))
            for stride, padding in both
        ),
        ("normalisation", of.BatchNormalization(epsilon=0.01)),
        ("normalisation without scale", of.BatchNormalization(scale=False)),
        ("relu", of.ReLU()),
        ("relu 6", of.ReLU(6.0)),
        ("activation", of.Activation("relu")),
        ("linear", of.Activation("linear")),
        ("dropout", of.Dropout(0.5)),
        ("padding", of.ZeroPadding2D(((1, 2), (0, 3)))),
        ("cropping", of.Cropping2D(((1, 2), (0, 3)))),
    ]
    joined = [
        ("sum", lambda x: of.Add()([x, of.ReLU()(x), x])),
        ("concatenation", lambda x: of.Concatenate()([x, of.ReLU()(x), of.Conv2D(2, 1)(x)])),
        ("head", lambda x: of.Dense(4)(of.GlobalAveragePooling2D()(x))),
        ("normalised head", lambda x: of.BatchNormalization()(of.GlobalAveragePooling2D()(x))),
    ]
    return [*found, *joined]


@pytest.mark.parametrize("shape", [(1, 8, 9, 3), (1, 11, 7, 3)])
def test_outputs_and_derivatives_are_tensorflow_s(shape, tmp_path):
    import keras

    generator = np.random.default_rng(0)
    inputs = generator.normal(scale=4, size=shape).astype(np.float32)
    for name, build in cases():
        given = keras.Input(shape[1:])
        network = keras.Model(given, build(given))
        network.set_weights(
            [
                # Kernels of both signs; scales and variances are positive.
                generator.uniform(-1 if weight.ndim > 1 else 0.2, 1, weight.shape)
                for weight in network.get_weights()
            ]
        )
        output, weights, gradient = through_tensorflow(network, inputs)
        ours, our_gradient = through_openvino(network, inputs, weights, tmp_path)
        assert ours == pytest.approx(output, abs=1e-4), name
        assert our_gradient == pytest.approx(gradient, abs=1e-4), name


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda of: of.LeakyReLU(), "LeakyReLU"),
        (lambda of: of.ReLU(negative_slope=0.1), "negative_slope 0.1"),
        (lambda of: of.Conv2D(3, 3, dilation_rate=2), "dilation_rate"),
        (lambda of: of.Conv2D(3, 3, activation="gelu"), "'gelu'"),
    ],
)
def test_what_is_not_known_is_named(build, words, tmp_path):
    import keras

    given = keras.Input((8, 8, 3))
    network = keras.Model(given, build(keras.layers)(given))
    with pytest.raises(UnknownLayerError, match=words):
        through_openvino(
            network, np.zeros((1, 8, 8, 3), np.float32), np.zeros((1, 8, 8, 3)), tmp_path
        )

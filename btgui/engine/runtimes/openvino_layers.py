"""Keras layers as OpenVINO operations, each with its gradient.

Every function takes a layer and its inputs. It returns the output, and a function from the
gradient of a score with respect to the output to the gradients with respect to the inputs (a
vector-Jacobian product). Data is (n, channels, h, w) float32. Networks run in inference mode:
dropout is the identity, and batch normalisation uses its moving statistics.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.runtimes.keras_graph import GraphLayer
from btgui.engine.runtimes.openvino_convolution import (
    Emitted,
    Node,
    convolved,
    places_held,
    shape_of,
)
from btgui.engine.runtimes.openvino_library import operations
from btgui.engine.runtimes.openvino_max_pooling import max_pooling_derivative


class UnknownLayerError(ModelPackError):
    """A layer, or a setting of a layer, that is not supported here; another runtime may support it."""


def emit(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    """Return a layer's output and the function for its gradients.

    Raises
    ------
    UnknownLayerError
        The layer, or one of its settings, is not supported.
    """
    try:
        emitter = _EMITTERS[layer.kind]
    except KeyError:
        raise UnknownLayerError(
            f"The layer {layer.name} ({layer.kind}) is not supported by this runtime."
        ) from None
    return emitter(layer, inputs)


def _require(layer: GraphLayer, name: str, *allowed: object) -> None:
    value = layer.config.get(name, allowed[0])
    if value not in allowed:
        raise UnknownLayerError(
            f"The layer {layer.name} has {name} {value!r}, which this runtime does not support."
        )


def _chain(first: Emitted, second: Callable[[Node], Emitted]) -> Emitted:
    middle, inner = first
    output, outer = second(middle)
    return output, lambda gradient: inner(outer(gradient)[0])


def _same(_layer: GraphLayer, inputs: list[Node]) -> Emitted:
    return inputs[0], lambda gradient: [gradient]


def _named_activation(name: str, node: Node, layer: GraphLayer) -> Emitted:
    ops = operations()
    if name == "linear":
        return _same(layer, [node])
    if name == "relu":
        return _rectify(node, None)
    if name == "softmax":
        return ops.softmax(node, axis=1), _not_differentiated
    raise UnknownLayerError(
        f"The activation {name!r} of {layer.name} is not supported by this runtime."
    )


def _not_differentiated(_gradient: Node) -> list[Node]:
    raise UnknownLayerError("This runtime explains logits only, not the output of a softmax.")


def _rectify(node: Node, top: float | None) -> Emitted:
    ops = operations()
    output = ops.relu(node) if top is None else ops.clamp(node, 0.0, top)

    def derivative(gradient: Node) -> list[Node]:
        zero = np.float32(0)
        passes = ops.greater(output, zero)
        if top is not None:
            passes = ops.logical_and(passes, ops.less(output, np.float32(top)))
        return [ops.select(passes, gradient, zero)]

    return output, derivative


def _activation(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    return _named_activation(str(layer.config["activation"]), inputs[0], layer)


def _relu(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    _require(layer, "negative_slope", 0, 0.0)
    _require(layer, "threshold", 0, 0.0)
    top = layer.config.get("max_value")
    return _rectify(inputs[0], None if top is None else float(top))


def _padding(layer: GraphLayer, node: Node, window: list[int]) -> tuple[list[int], list[int]]:
    """Return TensorFlow's padding before and after each axis; an odd pixel goes after."""
    _require(layer, "padding", "same", "valid")
    if layer.config["padding"] == "valid":
        return [0, 0], [0, 0]
    _, *sizes = shape_of(node)
    before, after = [], []
    for size, extent, stride in zip(sizes, window, layer.config["strides"], strict=True):
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
        before.append(total // 2)
        after.append(total - total // 2)
    return before, after


def _convolve(
    layer: GraphLayer, node: Node, kernel: NDArray[np.float32], *, grouped: bool
) -> Emitted:
    """Convolve with the layer's strides and padding; kernels are as in :func:`convolved`."""
    _require(layer, "dilation_rate", [1, 1])
    _require(layer, "groups", 1)
    _require(layer, "data_format", "channels_last")
    *_, height, width = kernel.shape
    padding = _padding(layer, node, [height, width])
    return convolved(node, kernel, layer.config["strides"], *padding, grouped=grouped)


def _with_bias_and_activation(layer: GraphLayer, emitted: Emitted, bias: int) -> Emitted:
    """Add the layer's bias, the weight with the index ``bias``, and apply the activation."""
    if layer.config.get("use_bias"):
        output, derivative = emitted
        emitted = operations().add(output, _by_channel(layer.weights[bias], output)), derivative
    name = str(layer.config.get("activation", "linear"))
    return _chain(emitted, lambda node: _named_activation(name, node, layer))


def _by_channel(values: NDArray[np.float32], node: Node) -> NDArray[np.float32]:
    """Reshape (channels,) values so that they broadcast to a node of maps or of pooled values."""
    return values.reshape(1, -1, *(1 for _ in shape_of(node)[1:]))


def _full_kernel(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Transpose a kernel from (h, w, in, out) to (out, in, h, w)."""
    return np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))


def _grouped_kernel(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """Transpose a depthwise kernel from (h, w, in, multiplier) to (in, multiplier, 1, h, w)."""
    return np.ascontiguousarray(kernel.transpose(2, 3, 0, 1)[:, :, None])


def _conv(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    emitted = _convolve(layer, inputs[0], _full_kernel(layer.weights[0]), grouped=False)
    return _with_bias_and_activation(layer, emitted, 1)


def _depthwise_conv(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    emitted = _convolve(layer, inputs[0], _grouped_kernel(layer.weights[0]), grouped=True)
    return _with_bias_and_activation(layer, emitted, 1)


def _separable_conv(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    across = _convolve(layer, inputs[0], _grouped_kernel(layer.weights[0]), grouped=True)
    points = _full_kernel(layer.weights[1])
    emitted = _chain(
        across, lambda node: convolved(node, points, [1, 1], [0, 0], [0, 0], grouped=False)
    )
    return _with_bias_and_activation(layer, emitted, 2)


def _batch_normalization(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    _require(layer, "axis", -1, 3, [3], [-1])
    weights = list(layer.weights)
    gamma = weights.pop(0) if layer.config["scale"] else np.float32(1)
    beta = weights.pop(0) if layer.config["center"] else np.float32(0)
    mean, variance = weights
    scale = gamma / np.sqrt(variance + np.float32(layer.config["epsilon"]))
    factor, shift = _by_channel(scale, inputs[0]), _by_channel(beta - mean * scale, inputs[0])
    output = ops.add(ops.multiply(inputs[0], factor), shift)
    return output, lambda gradient: [ops.multiply(gradient, factor)]


def _zero_padding(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    edges = layer.config["padding"]
    return _padded(inputs[0], edges), lambda gradient: [_cropped(gradient, edges)]


def _cropping(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    edges = layer.config["cropping"]
    return _cropped(inputs[0], edges), lambda gradient: [_padded(gradient, edges)]


def _padded(node: Node, edges: list[list[int]]) -> Node:
    """Pad a node with zeros: ((top, bottom), (left, right)) rows and columns."""
    (top, bottom), (left, right) = edges
    before, after = [0, 0, top, left], [0, 0, bottom, right]
    return operations().pad(node, before, after, "constant", np.float32(0))


def _cropped(node: Node, edges: list[list[int]]) -> Node:
    (top, bottom), (left, right) = edges
    _, height, width = shape_of(node)
    ends = [height - bottom, width - right]
    return operations().slice(node, [top, left], ends, [1, 1], [2, 3])


def _add(_layer: GraphLayer, inputs: list[Node]) -> Emitted:
    return reduce(operations().add, inputs), lambda gradient: [gradient] * len(inputs)


def _concatenate(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    _require(layer, "axis", -1, 3)
    channels = [shape_of(node)[0] for node in inputs]

    def derivative(gradient: Node) -> list[Node]:
        return list(ops.variadic_split(gradient, 1, channels).outputs())

    return ops.concat(inputs, 1), derivative


def _max_pooling(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    window, strides = list(layer.config["pool_size"]), list(layer.config["strides"])
    before, after = _padding(layer, inputs[0], window)
    output = ops.max_pool(inputs[0], strides, [1, 1], before, after, window, axis=2).output(0)

    def derivative(gradient: Node) -> list[Node]:
        return [max_pooling_derivative(inputs[0], output, gradient, window, strides, before, after)]

    return output, derivative


def _average_pooling(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    channels, *sizes = shape_of(inputs[0])
    window, strides = list(layer.config["pool_size"]), list(layer.config["strides"])
    before, after = _padding(layer, inputs[0], window)
    output = ops.avg_pool(
        inputs[0], strides, before, after, window, exclude_pad=True, rounding_type="floor"
    )
    # A convolution with ones over the same windows gives the gradient, once it is divided by the
    # number of input positions in each window.
    ones = np.ones((channels, 1, 1, *window), np.float32)
    summed, derivative_of_sum = convolved(inputs[0], ones, strides, before, after, grouped=True)
    _, *out_sizes = shape_of(summed)
    rows, columns = (
        one.sum(axis=1, dtype=np.float32)
        for one in map(places_held, sizes, out_sizes, window, strides, before)
    )
    held = np.outer(rows, columns)[None, None]

    def derivative(gradient: Node) -> list[Node]:
        return derivative_of_sum(ops.divide(gradient, held))

    return output, derivative


def _global_average(_layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    channels, height, width = shape_of(inputs[0])
    output = ops.reduce_mean(inputs[0], [2, 3], keep_dims=False)

    def derivative(gradient: Node) -> list[Node]:
        each = ops.divide(gradient, np.float32(height * width))
        cell = ops.reshape(each, [1, channels, 1, 1], special_zero=False)
        return [ops.broadcast(cell, [1, channels, height, width])]

    return output, derivative


def _dense(layer: GraphLayer, inputs: list[Node]) -> Emitted:
    ops = operations()
    kernel = ops.constant(np.ascontiguousarray(layer.weights[0]))
    output = ops.matmul(inputs[0], kernel, transpose_a=False, transpose_b=False)

    def derivative(gradient: Node) -> list[Node]:
        return [ops.matmul(gradient, kernel, transpose_a=False, transpose_b=True)]

    return _with_bias_and_activation(layer, (output, derivative), 1)


_EMITTERS: dict[str, Callable[[GraphLayer, list[Node]], Emitted]] = {
    "Activation": _activation,
    "Add": _add,
    "AveragePooling2D": _average_pooling,
    "BatchNormalization": _batch_normalization,
    "Concatenate": _concatenate,
    "Conv2D": _conv,
    "Cropping2D": _cropping,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise_conv,
    "Dropout": _same,
    "GlobalAveragePooling2D": _global_average,
    "MaxPooling2D": _max_pooling,
    "ReLU": _relu,
    "SeparableConv2D": _separable_conv,
    "ZeroPadding2D": _zero_padding,
}

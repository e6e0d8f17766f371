"""Convolution as an OpenVINO operation with its gradient; pooling layers use it for theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.runtimes.openvino_library import operations

Node = Any  # OpenVINO's nodes and outputs
# From a gradient with respect to an operation's output to the gradients with respect to its inputs.
Derivative = Callable[[Node], list[Node]]
Emitted = tuple[Node, Derivative]


def shape_of(node: Node) -> list[int]:
    """Return a node's shape without the batch axis: (channels, h, w) or (channels,)."""
    return [*node.shape][1:]


def convolved(
    node: Node,
    kernel: NDArray[np.float32],
    strides: list[int],
    before: list[int],
    after: list[int],
    *,
    grouped: bool,
) -> Emitted:
    """Return the convolution with an (out, in, h, w) or (groups, out, in, h, w) kernel.

    ``strides`` and the padding ``before`` and ``after`` are (vertical, horizontal) each.
    """
    ops = operations()
    forward = ops.group_convolution if grouped else ops.convolution
    backward = ops.group_convolution_backprop_data if grouped else ops.convolution_backprop_data
    output = forward(node, ops.constant(kernel), strides, before, after, [1, 1])
    _, *sizes = shape_of(node)
    _, *out_sizes = shape_of(output)
    *_, height, width = kernel.shape
    # Rows and columns left over at the end by the strides have no influence: their gradient is zero.
    left = [
        size - (stride * (out - 1) + extent - b - a)
        for size, out, stride, extent, b, a in zip(
            sizes, out_sizes, strides, (height, width), before, after, strict=True
        )
    ]

    def derivative(gradient: Node) -> list[Node]:
        # A constant of its own: OpenVINO 2026.4 caches rearranged weights by their address, and used
        # a kernel with as many inputs as outputs in the order of the forward pass.
        own = ops.constant(kernel.copy())
        return [
            backward(
                gradient,
                own,
                strides=strides,
                pads_begin=before,
                pads_end=after,
                dilations=[1, 1],
                output_padding=left,
            )
        ]

    return output, derivative


def places_held(
    size: int, out_size: int, extent: int, stride: int, before: int
) -> NDArray[np.bool_]:
    """Return which positions of each window along one axis lie in the input, not in the padding.

    The result has the shape (out_size, extent).
    """
    at = np.arange(out_size)[:, None] * stride - before + np.arange(extent)
    return np.asarray((at >= 0) & (at < size))

"""Convolution as an OpenVINO operation with its derivative, from which pooling's is made too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.runtimes.openvino_library import operations

Node = Any  # OpenVINO's nodes and outputs
Derivative = Callable[[Node], list[Node]]
Emitted = tuple[Node, Derivative]


def shape_of(node: Node) -> list[int]:
    """Return (channels, h, w), or (channels,): every size but the batch's."""
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
    """Convolve with an (out, in, h, w) kernel, or a (groups, out, in, h, w) one.

    Strides, and what is padded ``before`` and ``after``, are (vertical, horizontal) each.
    """
    ops = operations()
    forward = ops.group_convolution if grouped else ops.convolution
    backward = ops.group_convolution_backprop_data if grouped else ops.convolution_backprop_data
    output = forward(node, ops.constant(kernel), strides, before, after, [1, 1])
    _, *sizes = shape_of(node)
    _, *out_sizes = shape_of(output)
    *_, height, width = kernel.shape
    # What the strides left over at the end has no influence: its derivative is zero.
    left = [
        size - (stride * (out - 1) + extent - b - a)
        for size, out, stride, extent, b, a in zip(
            sizes, out_sizes, strides, (height, width), before, after, strict=True
        )
    ]

    def derivative(gradient: Node) -> list[Node]:
        # A constant of its own: OpenVINO 2026.4 keeps weights that it has rearranged by their
        # address, and gave a kernel with as many inputs as outputs in the forward order.
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
    """Return which places of each window lie inside along one axis, not in the padding.

    Of shape (out_size, extent).
    """
    at = np.arange(out_size)[:, None] * stride - before + np.arange(extent)
    return np.asarray((at >= 0) & (at < size))

"""The gradient of max pooling, from operations that OpenVINO executes fast.

OpenVINO's own max pooling with indices of the maxima is executed by slow reference code.
Here, for every position within the window, a convolution whose kernel is 1 at that position
picks its values. Where they equal the maximum, and no earlier position does, the gradient is
sent back by the gradient of the same convolution. Picking multiplies by one and adds zeros, so
that nothing is rounded.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from btgui.engine.runtimes.openvino_convolution import Node, convolved, places_held, shape_of
from btgui.engine.runtimes.openvino_library import operations


def max_pooling_derivative(
    node: Node,
    pooled: Node,
    gradient: Node,
    window: list[int],
    strides: list[int],
    before: list[int],
    after: list[int],
) -> Node:
    """Return the gradient with respect to the pooling's (1, channels, h, w) input, ``node``.

    Of equal values, the first in row-major order counts as the maximum, as in TensorFlow.
    """
    ops = operations()
    channels, *sizes = shape_of(node)
    _, *out_sizes = shape_of(pooled)
    rows, columns = map(places_held, sizes, out_sizes, window, strides, before)
    free: Node = np.float32(1)  # 1 where no earlier position was the maximum
    sent = []
    for row, column in np.ndindex(*window):
        kernel = np.zeros((channels, 1, 1, *window), np.float32)
        kernel[..., row, column] = 1
        values, derivative = convolved(node, kernel, strides, before, after, grouped=True)
        is_maximum = ops.convert(ops.equal(values, pooled), np.float32)
        # At the edges, some positions lie in the padding, which is never a maximum.
        inside = rows[:, row, None] & columns[None, :, column]
        if not inside.all():
            is_maximum = ops.multiply(is_maximum, inside[None, None].astype(np.float32))
        is_maximum = ops.multiply(is_maximum, free)
        free = ops.subtract(free, is_maximum)
        sent += derivative(ops.multiply(gradient, is_maximum))
    return reduce(ops.add, sent)

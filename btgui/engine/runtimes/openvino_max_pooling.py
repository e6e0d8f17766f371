"""The derivative of maximum pooling, from operations that OpenVINO runs fast.

Its own maximum pooling that tells where each maximum lay is executed by slow reference
code. Here, for every place within the window, a convolution with a single one picks that
place's values; where they equal the maximum, and no earlier place does, the derivative
is sent back by the same convolution's derivative. Picking multiplies by one and adds
zeros, so that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.runtimes.openvino_library import operations

Node = Any


@dataclass(frozen=True)
class PoolingGeometry:
    """A pooling's window, strides and padding; (vertical, horizontal) each.

    ``sizes`` and ``out_sizes`` are of the maps before and after.
    """

    channels: int
    sizes: list[int]
    out_sizes: list[int]
    window: list[int]
    strides: list[int]
    before: list[int]
    after: list[int]

    def places(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
        """Yield every place in the window: a (h, w) kernel that picks it, and where it is inside.

        The second is (out_h, out_w): at the edges some places lie in the padding, which
        is never a maximum.
        """
        height, width = self.window
        for row in range(height):
            for column in range(width):
                kernel = np.zeros((height, width), np.float32)
                kernel[row, column] = 1
                inside = [self._inside(axis, (row, column)[axis]) for axis in range(2)]
                yield kernel, inside[0][:, None] & inside[1][None, :]

    def _inside(self, axis: int, offset: int) -> NDArray[np.bool_]:
        at = np.arange(self.out_sizes[axis]) * self.strides[axis] - self.before[axis] + offset
        return np.asarray((at >= 0) & (at < self.sizes[axis]))

    @property
    def left_over(self) -> list[int]:
        """What the strides leave unread at the end: its derivative is zero."""
        return [
            size - (stride * (out - 1) + extent - before - after)
            for size, out, stride, extent, before, after in zip(
                self.sizes,
                self.out_sizes,
                self.strides,
                self.window,
                self.before,
                self.after,
                strict=True,
            )
        ]


def max_pooling_derivative(
    before_pooling: Node, pooled: Node, gradient: Node, geometry: PoolingGeometry
) -> Node:
    """Return the derivative by the (1, channels, h, w) input.

    Of equal values the first, in rows and then columns, is the maximum, as in TensorFlow.
    """
    ops = operations()
    free: Node = None  # where no earlier place was the maximum
    total: Node = None
    for kernel, inside in geometry.places():
        # Constants of their own for each use: see the derivative of convolution.
        picking, sending = (
            ops.constant(np.tile(kernel, (geometry.channels, 1, 1, 1, 1))) for _ in range(2)
        )
        values = ops.group_convolution(
            before_pooling, picking, geometry.strides, geometry.before, geometry.after, [1, 1]
        )
        is_maximum = ops.convert(ops.equal(values, pooled), np.float32)
        if not inside.all():
            is_maximum = ops.multiply(is_maximum, inside[None, None].astype(np.float32))
        if free is not None:
            is_maximum = ops.multiply(is_maximum, free)
        one = np.float32(1)
        free = ops.subtract(free if free is not None else one, is_maximum)
        sent = ops.group_convolution_backprop_data(
            ops.multiply(gradient, is_maximum),
            sending,
            strides=geometry.strides,
            pads_begin=geometry.before,
            pads_end=geometry.after,
            dilations=[1, 1],
            output_padding=geometry.left_over,
        )
        total = sent if total is None else ops.add(total, sent)
    return total

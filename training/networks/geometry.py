"""Where each cell of a network's feature maps is centred on the network's input.

Strides, padding and kernels decide it (Dumoulin and Visin 2016, A guide to convolution arithmetic for
deep learning; Araujo, Norris and Sim 2019, Computing Receptive Fields of Convolutional Neural
Networks). The cells divide the input evenly only if every convolution is padded and every side is a
multiple of its stride: at 200 pixels, the four rows of InceptionV3's last map are centred on pixels 37,
69, 101 and 133.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from btgui.engine.feature_grid import FeatureGrid, GridAxis
from btgui.engine.models.card import GradCamStage
from btgui.engine.runtimes.keras_graph import input_layers

if TYPE_CHECKING:
    import keras

_STRIDED = {
    "Conv2D": "kernel_size",
    "DepthwiseConv2D": "kernel_size",
    "SeparableConv2D": "kernel_size",
    "MaxPooling2D": "pool_size",
    "AveragePooling2D": "pool_size",
}


@dataclass(frozen=True)
class _Side:
    """Cells along one side of the input: the first one's centre and the step in pixels."""

    first: float
    step: float
    count: int

    def strided(self, kernel: int, stride: int, dilation: int, *, is_padded: bool) -> _Side:
        """Return the cells after a convolution or pooling."""
        reach = (kernel - 1) * dilation + 1
        before, count = 0, (self.count - reach) // stride + 1
        if is_padded:  # as TensorFlow pads "same": the smaller half before
            count = -(-self.count // stride)
            before = max((count - 1) * stride + reach - self.count, 0) // 2
        return _Side(self.first + ((reach - 1) / 2 - before) * self.step, self.step * stride, count)

    def moved(self, before: int, after: int) -> _Side:
        """Return the cells with others added before and after, or removed (negative)."""
        return replace(
            self, first=self.first - before * self.step, count=self.count + before + after
        )


def with_grids(stages: Sequence[GradCamStage], network: keras.Model) -> tuple[GradCamStage, ...]:
    """Return the stages of a network with the grids of their feature maps."""
    grids = feature_grids(network, [stage.layer for stage in stages])
    return tuple(replace(stage, grid=grid) for stage, grid in zip(stages, grids, strict=True))


def last_grid(network: keras.Model) -> FeatureGrid:
    """Return the grid of the last feature map, which is averaged before the logits."""
    described = {layer["name"]: layer for layer in network.get_config()["layers"]}
    (grid,) = feature_grids(network, input_layers(described["pooling"]["inbound_nodes"]))
    return grid


def feature_grids(network: keras.Model, layers: Sequence[str]) -> list[FeatureGrid]:
    """Return where the cells of the outputs of these layers lie on the network's input.

    Parameters
    ----------
    network
        A flat functional network of (rows, columns, channels) inputs. Layers whose type is not known
        here are taken to change no sizes.
    layers
        Names of layers whose outputs are (rows, columns, channels).
    """
    input_shape = network.input.shape[1:3]
    sides: dict[str, tuple[_Side, _Side]] = {}
    for layer in network.get_config()["layers"]:
        config = layer["config"]
        inputs = [sides[name] for name in input_layers(layer["inbound_nodes"])]
        if inputs:
            down, across = (_joined([both[axis] for both in inputs]) for axis in (0, 1))
        else:
            down, across = (_Side(0.5, 1, length) for length in input_shape)
        sides[config["name"]] = (
            _through(layer["class_name"], config, down, 0),
            _through(layer["class_name"], config, across, 1),
        )
    return [
        FeatureGrid(*(_share(side, of) for side, of in zip(sides[name], input_shape, strict=True)))
        for name in layers
    ]


def _through(kind: str, config: Mapping[str, Any], side: _Side, axis: int) -> _Side:
    """Return the cells after a layer, along the rows (axis 0) or the columns (1)."""
    if kind in _STRIDED:
        kernel, stride = config[_STRIDED[kind]][axis], config["strides"][axis]
        dilation = config.get("dilation_rate", (1, 1))[axis]
        return side.strided(kernel, stride, dilation, is_padded=config["padding"] == "same")
    if kind == "ZeroPadding2D":
        return side.moved(*config["padding"][axis])
    if kind == "Cropping2D":
        before, after = config["cropping"][axis]
        return side.moved(-before, -after)
    return side


def _joined(sides: Sequence[_Side]) -> _Side:
    """Return the cells of several inputs together: centred on the mean of theirs."""
    return replace(sides[0], first=sum(side.first for side in sides) / len(sides))


def _share(side: _Side, length: int) -> GridAxis:
    return GridAxis(side.first / length, side.step / length, side.count)

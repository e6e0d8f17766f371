"""A Keras network as two OpenVINO models: one for predictions, one for Grad-CAM's gradients."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.runtimes import check_stages
from btgui.engine.runtimes.keras_graph import GraphLayer
from btgui.engine.runtimes.openvino_convolution import Derivative, Emitted, Node, shape_of
from btgui.engine.runtimes.openvino_layers import UnknownLayerError, emit
from btgui.engine.runtimes.openvino_library import load_openvino, operations


class OpenVinoGraph:
    """The OpenVINO nodes of a network up to its logits, for a batch of one scan.

    Parameters
    ----------
    layers
        As returned by :func:`~btgui.engine.runtimes.keras_graph.read_graph`.

    Raises
    ------
    UnknownLayerError
        A layer is not supported.
    ModelPackError
        The network does not match its card.
    """

    def __init__(self, layers: list[GraphLayer], card: ModelCard) -> None:
        ops = operations()
        self._card = card
        size = card.preprocessing
        shape = [1, size.input_height, size.input_width, 3]
        self.input = ops.parameter(shape, np.float32, name="input")
        self._nodes: dict[str, Node] = {}
        self._reads: dict[str, tuple[str, ...]] = {}
        self._derivatives: dict[str, Derivative] = {}
        wanted = {card.logits_layer, *(stage.layer for stage in card.stages)}
        for layer in layers:
            if layer.kind == "InputLayer":
                _check_input(layer, shape, card)
                self._nodes[layer.name] = ops.transpose(self.input, [0, 3, 1, 2])
                continue
            self._nodes[layer.name], self._derivatives[layer.name] = self._emitted(layer)
            self._reads[layer.name] = layer.inputs
            if layer.name == card.logits_layer:
                break  # probabilities are computed later, with the card's temperature
        if missing := wanted - set(self._nodes):
            raise ModelPackError(
                f"The network of {card.name} lacks the layers {', '.join(sorted(missing))}."
            )
        check_stages(card, [tuple(self._nodes[stage.layer].shape)[2:] for stage in card.stages])
        (logits,) = shape_of(self._logits())
        if logits != len(card.classes):
            raise ModelPackError(
                f"The network of {card.name} does not match its card: expected "
                f"{len(card.classes)} classes, received {logits}."
            )

    def predictor(self) -> Any:  # noqa: ANN401  (an OpenVINO model)
        """Return the OpenVINO model from a (1, h, w, 3) input to logits and stage means, (1, …) each."""
        ops = operations()
        means = [
            ops.reduce_mean(self._nodes[stage.layer], [2, 3], keep_dims=False)
            for stage in self._card.stages
        ]
        return load_openvino().Model([self._logits(), *means], [self.input], "predictor")

    def explainer(self) -> Any:  # noqa: ANN401  (an OpenVINO model)
        """Return the OpenVINO model from an input and a one-hot (1, classes) class to all stages.

        The outputs are each stage's activations, (1, h, w, channels), followed by the
        gradients of the chosen logit with respect to each, in the same shapes.
        """
        ops = operations()
        chosen = ops.parameter([1, len(self._card.classes)], np.float32, name="chosen")
        arriving: dict[str, list[Node]] = {self._card.logits_layer: [chosen]}
        gradients: dict[str, Node] = {}
        stages = [stage.layer for stage in self._card.stages]
        for name in reversed(list(self._reads)):
            if name not in arriving:
                continue  # the logits do not depend on it
            gradients[name] = reduce(ops.add, arriving[name])
            if gradients.keys() >= set(stages):
                break
            parts = self._derivatives[name](gradients[name])
            for read, part in zip(self._reads[name], parts, strict=True):
                arriving.setdefault(read, []).append(part)
        outputs = [self._nodes[name] for name in stages] + [gradients[name] for name in stages]
        last = [ops.transpose(node, [0, 2, 3, 1]) for node in outputs]
        return load_openvino().Model(last, [self.input, chosen], "explainer")

    def _emitted(self, layer: GraphLayer) -> Emitted:
        try:
            return emit(layer, [self._nodes[name] for name in layer.inputs])
        except ModelPackError:
            raise
        except Exception as error:  # a damaged configuration raises many types of exception
            raise UnknownLayerError(
                f"The layer {layer.name} ({layer.kind}) cannot be translated to OpenVINO: {error!r}."
            ) from error

    def _logits(self) -> Node:
        return self._nodes[self._card.logits_layer]


def _check_input(layer: GraphLayer, shape: list[int], card: ModelCard) -> None:
    received = layer.config.get("batch_shape", [])[1:]
    if received != shape[1:]:
        raise ModelPackError(
            f"The network of {card.name} does not match its card: expected input {shape[1:]}, "
            f"received {received}."
        )

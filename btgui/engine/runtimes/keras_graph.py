"""Reading the layers and weights of a network from a ``.keras`` file without Keras.

A ``.keras`` file (Keras 3) is a ZIP archive with the layers' configuration as JSON and their
weights as HDF5. A flat functional model lists its layers in order; each weight group is
named after its layer's class, numbered in that order.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.keras_file import check_weights, opened


@dataclass(frozen=True, eq=False)
class GraphLayer:
    """A Keras layer: its class (``kind``), configuration, input layers, and weights in Keras' order."""

    name: str
    kind: str
    config: dict[str, Any]
    inputs: tuple[str, ...]
    weights: tuple[NDArray[np.float32], ...]


def read_graph(file: Path) -> list[GraphLayer]:
    """Return the layers of a flat functional model, each after its input layers.

    Raises
    ------
    ModelPackError
        The file cannot be read, or the model is not a functional model.
    """
    with opened(file) as archive:
        config = json.loads(archive.read("config.json"))
        weights = archive.read("model.weights.h5")
        if config["class_name"] != "Functional":
            raise ModelPackError(f"Expected {file.name} to hold a functional model of Keras.")
        check_weights(file.name, weights)
        return _layers(config["config"]["layers"], weights)


def _layers(described: list[dict[str, Any]], weights: bytes) -> list[GraphLayer]:
    import h5py

    seen: Counter[str] = Counter()
    layers = []
    with h5py.File(io.BytesIO(weights)) as stored:
        for layer in described:
            kind = str(layer["class_name"])
            group = _snake_case(kind)
            number = seen[group]
            seen[group] += 1
            place = f"layers/{group}_{number}/vars" if number else f"layers/{group}/vars"
            variables = stored.get(place, {})
            layers.append(
                GraphLayer(
                    name=str(layer["config"]["name"]),
                    kind=kind,
                    config=layer["config"],
                    inputs=tuple(input_layers(layer["inbound_nodes"])),
                    weights=tuple(
                        np.asarray(variables[str(n)], np.float32) for n in range(len(variables))
                    ),
                )
            )
    return layers


def _snake_case(name: str) -> str:
    """Return a class name in snake case, as in Keras' weight groups (keras.src.utils.naming)."""
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def input_layers(nodes: Any) -> list[str]:  # noqa: ANN401  (nested values)
    """Return the names of the layers whose output tensors appear in a layer's inbound nodes, in order.

    The nodes are those of a ``.keras`` file or of ``network.get_config()``.
    """
    if isinstance(nodes, dict):
        if nodes.get("class_name") == "__keras_tensor__":
            return [str(nodes["config"]["keras_history"][0])]
        return [name for value in nodes.values() for name in input_layers(value)]
    if isinstance(nodes, list | tuple):
        return [name for value in nodes for name in input_layers(value)]
    return []

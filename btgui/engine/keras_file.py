"""Whether a ``.keras`` file is safe to load: Keras' own layers only, no code.

A ``.keras`` file is a ZIP of ``config.json``, ``metadata.json`` and
``model.weights.h5``. Keras' safe mode refuses Lambda layers; we look before Keras
does, refuse every class from outside Keras, and say why.
"""

from __future__ import annotations

import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from btgui.engine.errors import ModelPackError

# What damaged, encrypted and crafted archives (and JSON too deep to read) end in.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
)
_MEMBERS = {"config.json", "metadata.json", "model.weights.h5"}
_LARGEST_CONFIG = 20_000_000
_LARGEST_WEIGHTS = 2_000_000_000
_CODE_LAYERS = {"Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer"}


def check_keras_file(file: Path) -> None:
    """Refuse a model file that could run code or is not what it says.

    Raises
    ------
    ModelPackError
        With the reason.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = {info.filename: info.file_size for info in archive.infolist()}
            if set(members) != _MEMBERS:
                raise ModelPackError(
                    f"Expected {', '.join(sorted(_MEMBERS))} in {file.name}, "
                    f"received {', '.join(sorted(members))}."
                )
            if (
                members["config.json"] > _LARGEST_CONFIG
                or members["model.weights.h5"] > _LARGEST_WEIGHTS
            ):
                raise ModelPackError(f"{file.name} unpacks to more than a network can need.")
            config = json.loads(archive.read("config.json"))
        for kind in _objects(config):
            _check_object(kind)
    except ARCHIVE_ERRORS as error:
        raise ModelPackError(f"{file.name} is not a readable Keras model file.") from error


def _check_object(kind: dict[str, Any]) -> None:
    name = str(kind.get("class_name"))
    module = str(kind.get("module") or "keras")
    if name in _CODE_LAYERS:
        raise ModelPackError(
            f"The model holds a {name} layer, which can run code of its own. Such models are "
            f"refused: ask its maker for one of standard layers."
        )
    if module.split(".", maxsplit=1)[0] not in {"keras", "builtins"} or (
        module.startswith("builtins") and name not in {"list", "tuple", "dict", "slice"}
    ):
        raise ModelPackError(
            f"The model needs code from outside Keras ({module}.{name}). Such models are "
            f"refused: ask its maker for one of standard layers."
        )
    registered = kind.get("registered_name")
    if registered is not None and ">" in str(registered):
        raise ModelPackError(
            f"The model needs the custom object {registered}. Such models are refused: ask its "
            f"maker for one of standard layers."
        )


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  (any JSON)
    """Yield every serialised object of a configuration, however deep."""
    if isinstance(value, dict):
        if "class_name" in value and "config" in value and value["class_name"] != "__tensor__":
            yield value
        for child in value.values():
            yield from _objects(child)
    elif isinstance(value, list):
        for child in value:
            yield from _objects(child)

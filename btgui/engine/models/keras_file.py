"""Safety checks of ``.keras`` files: only Keras' own layers are accepted, no code.

A ``.keras`` file is a ZIP archive of ``config.json``, ``metadata.json`` and
``model.weights.h5``. Keras' safe mode refuses Lambda layers. These checks run before Keras
loads the file, refuse every class from outside Keras, and give the reason.
"""

from __future__ import annotations

import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from btgui.engine.errors import ModelPackError

# Exceptions raised by damaged, encrypted and crafted archives, and by JSON nested too deeply.
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
_FLOAT_BYTES = 4  # every number is read as a float32
_CODE_LAYERS = {"Lambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "TFSMLayer"}


def check_keras_file(file: Path) -> None:
    """Refuse a model file that could run code or is not a valid ``.keras`` file.

    Raises
    ------
    ModelPackError
        The file is refused; the message gives the reason.
    """
    with opened(file) as archive:
        members = {info.filename: info.file_size for info in archive.infolist()}
        if set(members) != _MEMBERS:
            raise ModelPackError(
                f"Expected {', '.join(sorted(_MEMBERS))} in {file.name}, "
                f"received {', '.join(sorted(members))}. Obtain a new copy of the model."
            )
        if (
            members["config.json"] > _LARGEST_CONFIG
            or members["model.weights.h5"] > _LARGEST_WEIGHTS
        ):
            raise ModelPackError(
                f"{file.name} unpacks to more than a network can need. Obtain a new copy of the model."
            )
        for kind in _objects(json.loads(archive.read("config.json"))):
            _check_object(kind)


def check_weights_of(file: Path) -> None:
    """Check the weights in a model file with :func:`check_weights`, before they are loaded.

    Raises
    ------
    ModelPackError
        The weights are refused; the message gives the reason.
    """
    with opened(file) as archive:
        check_weights(file.name, archive.read("model.weights.h5"))


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a model file, and turn errors of the code that reads it into a message for the user.

    Raises
    ------
    ModelPackError
        The file is missing or cannot be read, or its content is invalid.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as error:
        raise ModelPackError(
            f"{file.name} no longer exists: another window may have deleted the model. Choose "
            f"another model."
        ) from error
    except (*ARCHIVE_ERRORS, KeyError, IndexError, TypeError) as error:
        raise ModelPackError(
            f"{file.name} is not a readable Keras model file. Obtain a new copy of the model."
        ) from error


def check_weights(name: str, weights: bytes) -> None:
    """Refuse weights that would exhaust memory or refer to another file.

    A few bytes of HDF5 can declare data of any size, whose memory is allocated on reading.

    Parameters
    ----------
    name
        The name of the model file, for messages.
    weights
        The bytes of its ``model.weights.h5``.

    Raises
    ------
    ModelPackError
        The weights are refused; the message gives the reason.
    OSError, RuntimeError, ValueError
        Raised by h5py if the bytes are damaged.
    """
    import h5py

    sizes: list[int] = []

    def is_elsewhere(_name: str, entry: Any) -> bool | None:  # noqa: ANN401  (h5py has no types)
        if not isinstance(entry, h5py.Dataset):
            return None
        sizes.append(entry.size * max(entry.dtype.itemsize, _FLOAT_BYTES))
        return True if entry.external or entry.is_virtual else None

    def leads_away(_name: str, link: Any) -> bool | None:  # noqa: ANN401
        return None if isinstance(link, h5py.HardLink) else True

    with h5py.File(io.BytesIO(weights)) as stored:
        if stored.visititems_links(leads_away) or stored.visititems(is_elsewhere):
            raise ModelPackError(
                f"The weights of {name} are partly in another file. Such models are refused; "
                f"obtain a new copy of the model."
            )
    if sum(sizes) > _LARGEST_WEIGHTS:
        raise ModelPackError(
            f"The weights of {name} would take {sum(sizes) / 1e9:,.0f} GB of memory, more than a "
            f"network can need ({_LARGEST_WEIGHTS / 1e9:.0f} GB). Obtain a new copy of the model."
        )


def _check_object(kind: dict[str, Any]) -> None:
    name = str(kind.get("class_name"))
    module = str(kind.get("module") or "keras")
    if name in _CODE_LAYERS:
        raise ModelPackError(
            f"The model has a {name} layer, which can run arbitrary code. Such models are "
            f"refused; ask its author for a version with standard layers only."
        )
    if module.split(".", maxsplit=1)[0] not in {"keras", "builtins"} or (
        module.startswith("builtins") and name not in {"list", "tuple", "dict", "slice"}
    ):
        raise ModelPackError(
            f"The model needs code from outside Keras ({module}.{name}). Such models are "
            f"refused; ask its author for a version with standard layers only."
        )
    registered = kind.get("registered_name")
    if registered is not None and ">" in str(registered):
        raise ModelPackError(
            f"The model needs the custom object {registered}. Such models are refused; ask its "
            f"author for a version with standard layers only."
        )


def _objects(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  (any JSON)
    """Yield every serialised object of a Keras configuration, however deeply nested."""
    if isinstance(value, dict):
        if "class_name" in value and "config" in value and value["class_name"] != "__tensor__":
            yield value
        for child in value.values():
            yield from _objects(child)
    elif isinstance(value, list):
        for child in value:
            yield from _objects(child)

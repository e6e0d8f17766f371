"""Where a command is to write, looked at before its work and not after it; and JSON there."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from btgui.engine.disk.files import not_written, replacing
from btgui.engine.errors import DatasetError, TrainingError

# Before the name of a model's folder that is not whole yet, which also gets some letters behind it.
_UNFINISHED = ".new-"


def check_new_file(file: Path | None) -> None:
    """Refuse a file that exists, or whose folder does not or cannot be written; None is no file.

    Raises
    ------
    DatasetError
        It says which.
    """
    if file is None:
        return
    if _exists(file):
        raise DatasetError(f"{file} exists already. Name a new file.")
    if not file.resolve().parent.is_dir():
        raise DatasetError(
            f"Expected a folder to write {file.name} into; {file.parent} is none. Make it first, "
            f"or name another."
        )
    _check_writable(file)


def check_new_folder(folder: Path | None) -> None:
    """Refuse a folder that holds something, or a file; None is no folder.

    Raises
    ------
    DatasetError
        It says which.
    """
    if folder is None:
        return
    if _exists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise DatasetError(f"{folder} holds something already. Name a new folder.")
    _check_writable(folder)


def check_free(folder: Path | None) -> None:
    """Refuse a folder that exists, even empty, or cannot be written; None is no folder.

    Raises
    ------
    DatasetError
        It says why.
    """
    if folder is None:
        return
    if _exists(folder):
        raise DatasetError(f"{folder} exists already. Name a new folder.")
    _check_writable(folder, _UNFINISHED)


def _check_writable(place: Path, unfinished: str = "") -> None:
    """Refuse a file or folder to come where nothing can be written, at least not of its name.

    The nearest folder above it that exists is tried; ``unfinished`` stands before its name meanwhile.
    """
    # Path's own raises where a folder may not be looked into; a drive may not be there at all.
    parents = place.resolve().parents
    above = next((folder for folder in parents if os.path.isdir(folder)), None)  # noqa: PTH112
    if above is None:
        raise DatasetError(f"{place} lies on no drive that is there. Connect it, or name another.")
    try:
        with tempfile.NamedTemporaryFile(
            dir=above, prefix=unfinished and f"{unfinished}{place.name}."
        ):
            pass
    except OSError as error:
        raise DatasetError(str(not_written(place, error))) from error


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError as error:  # its name is too long, or its folder may not be looked into
        raise DatasetError(str(not_written(place, error))) from error


def check_temporary_folder() -> None:
    """Refuse to begin where no temporary file can be written: Keras and its back ends need some.

    Raises
    ------
    TrainingError
        It says so.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError as error:
        raise TrainingError(
            "Expected a folder for temporary files that can be written to, found none. Make room on "
            "its disk, or name another by the environment variable TMPDIR."
        ) from error


def write_json(file: Path, values: Any) -> None:  # noqa: ANN401  (plain JSON values)
    """Write a file, whole or not at all.

    Raises
    ------
    OSError
        The disk is full or refuses.
    """
    with replacing(file) as temporary:
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")

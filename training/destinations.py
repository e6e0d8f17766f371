"""Checks of a command's output places before its work begins, and writing of JSON files."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from btgui.engine.disk.files import not_written, replacing
from btgui.engine.errors import DatasetError, TrainingError

# Prefix of an unfinished model folder, whose name also gets a random suffix.
_UNFINISHED = ".new-"


def check_new_file(file: Path | None) -> None:
    """Check that a new file can be written; None means no file.

    Raises
    ------
    DatasetError
        The file exists, or its folder does not exist or cannot be written.
    """
    if file is None:
        return
    if _exists(file):
        raise DatasetError(f"{file} exists already. Name a new file.")
    if not file.resolve().parent.is_dir():
        raise DatasetError(
            f"Expected a folder to write {file.name} into; {file.parent} is not a folder. Create it "
            f"first, or name another."
        )
    _check_writable(file)


def check_new_folder(folder: Path | None) -> None:
    """Check that a folder is new or empty and can be written; None means no folder.

    Raises
    ------
    DatasetError
        The folder is not empty or is a file, or cannot be written.
    """
    if folder is None:
        return
    try:
        is_taken = _exists(folder) and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:  # the folder may not be listed
        raise DatasetError(str(not_written(folder, error))) from error
    if is_taken:
        raise DatasetError(f"{folder} exists and is not an empty folder. Name a new folder.")
    _check_writable(folder)


def check_free(folder: Path | None) -> None:
    """Check that a folder does not exist, even empty, and can be written; None means no folder.

    Raises
    ------
    DatasetError
        The folder exists or cannot be written.
    """
    if folder is None:
        return
    if _exists(folder):
        raise DatasetError(f"{folder} exists already. Name a new folder.")
    _check_writable(folder, _UNFINISHED)


def _check_writable(place: Path, unfinished: str = "") -> None:
    """Check that a new file or folder with this name can be written.

    A temporary file is written in the nearest existing parent folder. With the prefix ``unfinished``,
    its name contains that of the place, as the name of the unfinished folder will.
    """
    # Path.is_dir() raises for an inaccessible folder; there may be no such drive at all.
    parents = place.resolve().parents
    above = next((folder for folder in parents if os.path.isdir(folder)), None)  # noqa: PTH112
    if above is None:
        raise DatasetError(
            f"{place} is on a drive that is not connected. Connect it, or name another place."
        )
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
    except OSError as error:  # the name is too long, or the folder is inaccessible
        raise DatasetError(str(not_written(place, error))) from error


def check_temporary_folder() -> None:
    """Check that temporary files can be written, as Keras and its back ends need them.

    Raises
    ------
    TrainingError
        There is no writable folder for temporary files.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError as error:
        raise TrainingError(
            "Expected a writable folder for temporary files, found none. Free some space on its disk, "
            "or name another folder in the environment variable TMPDIR."
        ) from error


def write_json(file: Path, values: Any) -> None:  # noqa: ANN401  (plain JSON values)
    """Write a JSON file completely or not at all.

    Raises
    ------
    OSError
        The disk is full or cannot be written.
    """
    with replacing(file) as temporary:
        temporary.write_text(json.dumps(values, indent=1), encoding="utf-8")

"""Where a command is to write, looked at before its work and not after it."""

from __future__ import annotations

from pathlib import Path

from btgui.engine.errors import DatasetError


def check_new_file(file: Path | None) -> None:
    """Refuse a file that exists, or whose folder does not; None is no file.

    Raises
    ------
    DatasetError
        It says which.
    """
    if file is None:
        return
    if file.exists():
        raise DatasetError(f"{file} exists already. Name a new file.")
    if not file.resolve().parent.is_dir():
        raise DatasetError(
            f"Expected a folder to write {file.name} into; {file.parent} is none. Make it first, "
            f"or name another."
        )


def check_new_folder(folder: Path | None) -> None:
    """Refuse a folder that holds something, or a file; None is no folder.

    Raises
    ------
    DatasetError
        It says which.
    """
    if folder is None or not folder.exists():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise DatasetError(f"{folder} holds something already. Name a new folder.")

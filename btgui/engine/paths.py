"""Locations of resources and of the user's files, from source and in the packaged application.

``BTGUI_HOME`` moves all of the user's files to one folder (portable use, tests).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from btgui.engine.errors import BtguiError

_APP = "btgui"


def resource_folder() -> Path:
    """Return the folder of files that ship with the application."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return root / "resources"


def shipped_models_folder() -> Path:
    """Return the folder of the model packs that ship with the application."""
    return resource_folder() / "models"


def user_data_folder() -> Path:
    """Return (and create) the folder of settings, records and window state.

    Raises
    ------
    BtguiError
        The folder cannot be created; the other user folders raise this too.
    """
    import platformdirs  # late: resource paths are needed before the start screen appears

    return _user_folder("data", platformdirs.user_data_path(_APP, appauthor=False))


def user_models_folder() -> Path:
    """Return (and create) the folder of imported and trained model packs."""
    return _created(user_data_folder() / "models")


def user_cache_folder() -> Path:
    """Return (and create) the folder of files that can be regenerated at any time."""
    import platformdirs

    return _user_folder("cache", platformdirs.user_cache_path(_APP, appauthor=False))


def _user_folder(kind: str, standard: Path) -> Path:
    home = os.environ.get("BTGUI_HOME")
    return _created(Path(home) / kind if home else standard)


def _created(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BtguiError(
            f"The folder for btgui's files, {folder}, cannot be created ({error.strerror}). Free "
            f"disk space or allow writing there, or set the environment variable BTGUI_HOME to "
            f"another folder."
        ) from error
    return folder

"""Shared parts of the commands that read scans: opening the model, checking the CSV file."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from btgui.engine.analysis import Analyser
from btgui.engine.disk.files import not_written
from btgui.engine.disk.ordinary_file import not_opened
from btgui.engine.errors import ExportError, ScanError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.paths import shipped_models_folder, user_data_folder, user_models_folder
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.runtimes.choice import create_runtime
from btgui.engine.settings import load_settings


def open_analyser(model_id: str | None, runtime: RuntimeName) -> Analyser:
    """Return an analyser for a model of the library; without an id, for the model last used.

    If a GPU fails and the CPU is used in its place, a message is written to standard error.

    Raises
    ------
    BtguiError
        There is no model with this id, or it cannot be opened.
    """
    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    preferred = load_settings(user_data_folder()).default_model_id
    pack = library.get(model_id) if model_id else library.default_model(preferred)
    verified = library.open(pack.card.id)
    analyser = Analyser(verified, create_runtime(verified, runtime))
    if why := analyser.runtime.device.gpu_failed:
        sys.stderr.write(f"btgui: the GPU cannot be used, so the CPU is used: {why}\n")
    return analyser


def check_there(place: Path) -> None:
    """Raise a ScanError if a given file or folder does not exist or cannot be looked at."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ScanError(f"{place} does not exist. Name existing folders or files.") from error
    except OSError as error:
        raise not_opened(place, error) from error


def check_new_file(file: Path | None) -> None:
    """Raise an ExportError if a new table cannot be written to this path; a temporary file is tried."""
    if file is None:
        return
    try:
        exists = file.exists()
    except OSError as error:  # the name is too long, or the folder is not accessible
        raise not_written(file, error) from error
    if exists:
        raise ExportError(f"{file} exists already. Name a new file.")
    if not file.parent.is_dir():
        raise ExportError(f"The folder {file.parent} does not exist. Create it first.")
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent):
            pass
    except OSError as error:
        raise not_written(file, error) from error

"""Reading the JSON result file of a training command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from btgui.engine.errors import DatasetError

Figures = TypeVar("Figures")


def read_written(file: Path, figures_of: Callable[[dict[str, Any]], Figures], do: str) -> Figures:
    """Return the figures in a command's JSON file.

    Parameters
    ----------
    figures_of
        Function from the values in the file to the figures.
    do
        A sentence on what the user can do if the file cannot be read.

    Raises
    ------
    DatasetError
        The file cannot be read, or holds something else.
    """
    try:
        return figures_of(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise DatasetError(f"The result cannot be read ({error!r}). {do}") from error


def patients_in(values: dict[str, Any]) -> str:
    """Return the evaluated patients in words; "" if they were not known."""
    patients = values.get("patients")
    return str(patients["words"]) if patients else ""

"""What a measuring command wrote, read back, or a sentence on why it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from btgui.engine.errors import DatasetError

Figures = TypeVar("Figures")


def read_written(file: Path, figures_of: Callable[[dict[str, Any]], Figures], do: str) -> Figures:
    """Return the figures in a command's JSON.

    Parameters
    ----------
    figures_of
        From what the file holds to the figures.
    do
        What to do where they cannot be read, as a sentence.

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
    """Return whose scans were measured, in words; "" where that was not known."""
    patients = values.get("patients")
    return str(patients["words"]) if patients else ""

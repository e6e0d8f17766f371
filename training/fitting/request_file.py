"""Training requests in JSON files."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from btgui.engine.errors import TrainingError
from btgui.engine.training_request import Recipe, TrainingRequest


def read_request(file: Path, *, whole: bool = True) -> TrainingRequest:
    """Read a request, written by a person or by the application.

    Parameters
    ----------
    whole
        Whether a recipe must be complete: missing values would silently be those of the published
        framework, which belong to no preset. The request of a resumed run may be older than some
        values; the run then continues without them.

    Raises
    ------
    TrainingError
        The file cannot be read, is no request, or its recipe is incomplete.
    """
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        request = TrainingRequest.from_json(values)
    except (OSError, ValueError, RecursionError) as error:
        raise TrainingError(
            f"Expected a training request in {file}; it cannot be read ({error})."
        ) from error
    if whole and (missing := _missing(values)):
        raise TrainingError(
            f"Expected a complete recipe in {file}, received one without {', '.join(missing)}. Add "
            f"these values, or leave the recipe out to use the recommended one."
        )
    return request


def _missing(values: dict[str, Any]) -> list[str]:
    recipe = values.get("recipe")
    return [] if recipe is None else [f.name for f in fields(Recipe) if f.name not in recipe]

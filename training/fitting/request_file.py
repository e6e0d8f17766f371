"""A training request that somebody hands in as a file."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from btgui.engine.errors import TrainingError
from btgui.engine.training_request import Recipe, TrainingRequest


def read_request(file: Path, *, whole: bool = True) -> TrainingRequest:
    """Read a request, as a person or the application wrote it.

    Parameters
    ----------
    whole
        Whether a recipe has to have all its values: what one lacks would be taken from the
        published framework's, and no preset says so. The request of a run that goes on may be
        older than some of them; without these it trains as it did.

    Raises
    ------
    TrainingError
        The file cannot be read, is no request, or its recipe lacks values.
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
            f"Expected a whole recipe in {file}, received one without {', '.join(missing)}. Add "
            f"these, or leave the recipe out and take the recommended one."
        )
    return request


def _missing(values: dict[str, Any]) -> list[str]:
    recipe = values.get("recipe")
    return [] if recipe is None else [f.name for f in fields(Recipe) if f.name not in recipe]

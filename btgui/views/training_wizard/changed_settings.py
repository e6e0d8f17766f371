"""The settings in which a draft differs from the run that was started from it; no Qt."""

from __future__ import annotations

from dataclasses import fields

from btgui.engine.training_request import Recipe, TrainingRequest
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.recipe_fields import FIELDS

_WORDS = {
    "datasets": "the data set",
    "name": "the name",
    "architecture": "the network",
    "weights": "the starting weights",
    "preprocessing": "the preprocessing",
    "protocol": "the copies of test scans",
    "validation_fraction": "the validation share",
    "test_fraction": "the test share",
    "left_out": "the scans left out",
    "display_names": "the class names",
}
_LABELS = {field.name: field.label.lower() for field in FIELDS}


def changed_settings(draft: Draft, asked: TrainingRequest) -> list[str]:
    """Return the names of the changed settings; an empty list for a draft without a data set."""
    if draft.place is None:
        return []
    now = draft.request(asked.output)
    found = [word for name, word in _WORDS.items() if getattr(now, name) != getattr(asked, name)]
    return found + [
        _LABELS.get(one.name, one.name.replace("_", " "))
        for one in fields(Recipe)
        if getattr(now.recipe, one.name) != getattr(asked.recipe, one.name)
    ]

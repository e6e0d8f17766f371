"""What fine-tuning takes over from the starting model besides its weights."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from btgui.engine.class_names import healthy_index
from btgui.engine.models.pack import SCANS_FILE, read_card
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import NAMED_WEIGHTS


def model_folder(weights: str) -> Path | None:
    """Return the folder of the model that is to be fine-tuned; None with other weights."""
    is_folder = os.path.isdir(weights)  # noqa: PTH112  (Path's raises without permission)
    return Path(weights) if is_folder and weights not in NAMED_WEIGHTS else None


def records_its_scans(model: Path) -> bool:
    """Whether a model records its training scans, so that these can be excluded from later tests.

    Raises
    ------
    ModelPackError
        The model's card cannot be read.
    """
    return SCANS_FILE in read_card(model).files


def preprocessing_of_start(weights: str) -> PreprocessingParameters:
    """Return the preprocessing parameters for a network that starts from these weights.

    A model that is fine-tuned must see scans as it did before: if the weights are a model pack,
    its card's parameters are returned, else the defaults. Input size and pixel scaling are always
    the defaults: the architecture sets them, whatever a training request states.

    Parameters
    ----------
    weights
        As in a :class:`~btgui.engine.training_request.TrainingRequest`.

    Raises
    ------
    ModelPackError
        The weights are a folder without a readable card.
    """
    usual = PreprocessingParameters()
    start = model_folder(weights)
    if start is None:
        return usual
    return replace(
        read_card(start).preprocessing,
        input_height=usual.input_height,
        input_width=usual.input_width,
        pixel_scaling=usual.pixel_scaling,
    )


def has_even_cells(weights: str) -> bool:
    """Whether the starting model's heatmaps are placed as if cells divided the input evenly.

    A model that is fine-tuned keeps this: a mask loss taught it to light up the cells in these places.
    False with other weights than a model.

    Parameters
    ----------
    weights
        As in a :class:`~btgui.engine.training_request.TrainingRequest`.

    Raises
    ------
    ModelPackError
        The weights are a folder without a readable card.
    """
    start = model_folder(weights)
    return start is not None and read_card(start).has_even_cells


def classes_of_start(weights: str, found: Collection[str]) -> dict[str, str]:
    """Return the classes of the model to be fine-tuned, if it knows all classes of the data.

    The new model keeps these classes: what the model knows of classes without scans is kept as
    far as possible.

    Parameters
    ----------
    weights
        As in a :class:`~btgui.engine.training_request.TrainingRequest`.
    found
        The classes that the data sets have scans of.

    Returns
    -------
    Each class with its display name, in the order of the model's outputs. Empty with other
    weights, and if the model lacks one of the found classes.

    Raises
    ------
    ModelPackError
        The weights are a folder without a readable card.
    """
    start = model_folder(weights)
    if start is None:
        return {}
    card = read_card(start)
    known = dict(zip(card.classes, card.display_names, strict=True))
    return known if set(found) <= set(known) else {}


def without_scans(classes: Mapping[str, str], found: Collection[str]) -> str:
    """Return a sentence on what becomes of classes without scans; "" if there are none.

    Parameters
    ----------
    classes
        As :func:`classes_of_start` returns them.
    """
    healthy = healthy_index(tuple(classes), tuple(classes.values()))
    absent = [
        "heads without a tumour" if index == healthy else shown.lower()
        for index, (name, shown) in enumerate(classes.items())
        if name not in set(found)
    ]
    if not absent:
        return ""
    it = "it" if len(absent) == 1 else "them"
    return (
        f"There are no scans of {' or '.join(absent)}: what the model knows of {it} is kept as far "
        f"as possible, but is neither trained nor tested."
    )

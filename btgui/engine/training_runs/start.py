"""What a training takes over from the model that it goes on from, besides its weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from btgui.engine.class_names import healthy_index
from btgui.engine.models.pack import SCANS_FILE, read_card
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import NAMED_WEIGHTS


def model_folder(weights: str) -> Path | None:
    """Return the folder of the model that a training goes on from; None with other weights."""
    start = Path(weights)
    return start if weights not in NAMED_WEIGHTS and start.is_dir() else None


def records_its_scans(model: Path) -> bool:
    """Whether a model tells which scans trained it, so that these can be kept from testing another.

    Raises
    ------
    ModelPackError
        Its card cannot be read.
    """
    return SCANS_FILE in read_card(model).files


def preprocessing_of_start(weights: str) -> PreprocessingParameters:
    """Return how scans are shown to a network that starts from these weights.

    A model knows scans as it was shown them: where the weights are a model pack, they are
    its card's parameters, else the defaults. Input size and scaling of pixels are left at
    the defaults: the architecture sets them, whatever a training request says.

    Parameters
    ----------
    weights
        As in a :class:`~btgui.engine.training_request.TrainingRequest`.

    Raises
    ------
    ModelPackError
        They are a folder without a card that can be read.
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


def classes_of_start(weights: str, found: Collection[str]) -> dict[str, str]:
    """Return the classes of the model that a training goes on from, where it knows all found ones.

    They become those of the new model, too: what no scan is of is kept as far as it can be.

    Parameters
    ----------
    weights
        As in a :class:`~btgui.engine.training_request.TrainingRequest`.
    found
        The classes that the data sets have scans of.

    Returns
    -------
    Each class with what it is called, in the order of the model's outputs. Empty with other
    weights, and where a found class is none of the model's.

    Raises
    ------
    ModelPackError
        The weights are a folder without a card that can be read.
    """
    start = model_folder(weights)
    if start is None:
        return {}
    card = read_card(start)
    known = dict(zip(card.classes, card.display_names, strict=True))
    return known if set(found) <= set(known) else {}


def without_scans(classes: Mapping[str, str], found: Collection[str]) -> str:
    """Say what becomes of the classes that there are no scans of; "" where there are none such.

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
        f"There are no scans of {' or '.join(absent)} here: what the model knows of {it} is kept as "
        f"far as it can be, and is neither trained nor measured."
    )

"""What a training takes over from the model that it goes on from, besides its weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from btgui.engine.model_pack import read_card
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import NAMED_WEIGHTS


def model_folder(weights: str) -> Path | None:
    """Return the folder of the model that a training goes on from; None with other weights."""
    start = Path(weights)
    return start if weights not in NAMED_WEIGHTS and start.is_dir() else None


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

"""Validation of a request, before anything long begins and before its work folder is claimed."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

from btgui.engine.errors import ModelPackError, RequestError, TrainingError
from btgui.engine.models.pack import open_pack
from btgui.engine.training_request import NAMED_WEIGHTS, Recipe, TrainingRequest
from training.networks.architectures import architecture, build_network
from training.scans.masks import read_masks

_ANY_COUNT = (0, math.inf)
_SHARE = (0, 1)
# The smallest and the largest value of each number of a recipe.
_RANGES: dict[str, tuple[float, float]] = {
    "epochs": (1, math.inf),
    "batch_size": (1, math.inf),
    "learning_rate": (1e-9, 1),
    "warmup_epochs": _ANY_COUNT,
    "weight_decay": _SHARE,
    "label_smoothing": (0, 0.99),
    "dropout": (0, 0.99),
    "batch_norm_momentum": _SHARE,
    "weight_average_momentum": (0, 0.99999),
    "start_share": (0, 0.95),
    "patience": (1, math.inf),
    "head_epochs": _ANY_COUNT,
    "balance": _SHARE,
    "frozen_stages": (0, 5),
    "mask_loss_weight": (0, 100),
    "rotation_degrees": (0, 180),
    "shift_fraction": _SHARE,
    "zoom_fraction": (0, 0.9),
    "stretch_fraction": (0, 0.9),
    "flip_probability": _SHARE,
    "tone_probability": _SHARE,
    "contrast_probability": _SHARE,
    "shading_probability": _SHARE,
    "coarse_probability": _SHARE,
    "noise_probability": _SHARE,
    "blur_probability": _SHARE,
    "erase_probability": _SHARE,
    # Healthy patches are added for half as many again, so the total stays below 1.
    "transplant_probability": (0, 0.66),
    "removal_probability": _SHARE,
    "mix_alpha": (0, 10),
}
_FRACTIONS = (("validation_fraction", 0.0, 0.9), ("test_fraction", 0.0, 0.9))
_LARGEST_SEED = 2**32 - 1


def check_values(request: TrainingRequest) -> None:
    """Check the types and ranges of a request's values.

    Raises
    ------
    TrainingError
        A value of the recipe has another type, a value, fraction or seed is outside its range, or
        the architecture is unknown.
    """
    architecture(request.architecture)
    for field in fields(Recipe):
        value = getattr(request.recipe, field.name)
        if field.name not in _RANGES:
            _check_switch(field.name, value)
            continue
        if value is None and field.default is None:
            continue
        low, high = _RANGES[field.name]
        _check_number(field.name, value, low, high, whole=str(field.type).startswith("int"))
    for name, low, high in _FRACTIONS:
        _check_number(name, getattr(request, name), low, high, whole=False)
    for name in ("seed", "split_seed"):
        if (seed := getattr(request, name)) is not None:
            _check_number(name, seed, 0, _LARGEST_SEED, whole=True)


def check_files(request: TrainingRequest, classes: tuple[str, ...]) -> None:
    """Check that a request's initial weights and outlines can be used.

    Parameters
    ----------
    classes
        The classes of the model to be trained, in its order.

    Raises
    ------
    DatasetError
        The table of outlines cannot be used.
    TrainingError
        The weights are missing or do not fit the network, or belong to a model with another network,
        other classes or, for an honest run, another protocol.
    """
    if request.masks:
        read_masks(Path(request.masks), [Path(place) for place in request.datasets])
    if request.weights in NAMED_WEIGHTS:
        return
    start = Path(request.weights)
    if start.is_dir():
        _check_pack(start, request, classes)
    elif not start.is_file():
        raise TrainingError(
            f"Expected the weights to be 'imagenet', 'none', a file or a model pack; {start} does not "
            f"exist."
        )
    else:
        # Takes seconds; otherwise unusable weights would be noticed only after all preprocessing.
        recipe = request.recipe
        build_network(
            request.architecture,
            len(classes),
            weights=request.weights,
            dropout=recipe.dropout,
            batch_norm_momentum=recipe.batch_norm_momentum,
        )


def _check_number(name: str, value: object, low: float, high: float, *, whole: bool) -> None:
    numeric = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not (numeric and math.isfinite(value) and low <= value <= high):  # type: ignore[arg-type, operator]
        kind = "a whole number" if whole else "a number"
        upper = "or more" if high == math.inf else f"to {high:.10g}"
        raise RequestError(
            f"Expected {name} to be {kind}, {low:g} {upper}; received {value!r}. Change it and start "
            f"again."
        )


def _check_switch(name: str, value: object) -> None:
    # Otherwise any text would count as true, even "false".
    if not isinstance(value, bool):
        raise RequestError(
            f"Expected {name} to be true or false; received {value!r}. Change it and start again."
        )


def _check_pack(start: Path, request: TrainingRequest, classes: tuple[str, ...]) -> None:
    try:
        card = open_pack(start).card
    except ModelPackError as error:
        raise TrainingError(f"{start} cannot be fine-tuned. {error}") from error
    if request.protocol == "honest" and card.protocol != "honest":
        raise RequestError(
            f"{card.name} was not trained under the honest protocol, or its protocol is not recorded: "
            f"it may have been trained on copies of the test scans. Choose another model to fine-tune, "
            f"other weights, or --protocol published."
        )
    wanted = architecture(request.architecture).display_name
    if card.architecture != wanted:
        raise RequestError(
            f"{card.name} is a {card.architecture} network, but {wanted} is to be trained. Choose "
            f"another model to fine-tune, or train {card.architecture}."
        )
    if card.classes != classes:
        raise RequestError(
            f"{card.name} knows the classes {', '.join(card.classes)}, but the data set has "
            f"{', '.join(classes)}. Choose another model to fine-tune, or ImageNet weights."
        )

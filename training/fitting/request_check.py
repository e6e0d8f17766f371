"""What is wrong with a request, told before anything long begins and before its folder is taken."""

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
# The least and the greatest value of each number of a recipe.
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
    # With the healthy pieces that go with them they are half as many again.
    "transplant_probability": (0, 0.66),
    "removal_probability": _SHARE,
    "mix_alpha": (0, 10),
}
_FRACTIONS = (("validation_fraction", 0.0, 0.9), ("test_fraction", 0.0, 0.9))
_LARGEST_SEED = 2**32 - 1


def check_values(request: TrainingRequest) -> None:
    """Refuse numbers that mean nothing, and switches that are neither on nor off.

    Raises
    ------
    TrainingError
        A value of the recipe is of another kind, it, a fraction or a seed is outside its range, or
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
    """Refuse weights to start from and outlines that cannot be used.

    Parameters
    ----------
    classes
        Of the model to be made, in its order.

    Raises
    ------
    DatasetError
        The table of outlines cannot be used.
    TrainingError
        The weights are missing or do not fit the network, or are a model of another network, of
        other classes or, for an honest run, of another protocol.
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
            f"Expected weights 'imagenet', 'none', a file or a model pack; {start} does not exist."
        )
    else:
        # Seconds here; the network would refuse them only when everything is preprocessed.
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
        upper = "or more" if high == math.inf else f"to {high:g}"
        raise RequestError(
            f"Expected for {name} {kind}, {low:g} {upper}; received {value!r}. Change it and start "
            f"again."
        )


def _check_switch(name: str, value: object) -> None:
    # Any text would count as true, "false" too.
    if not isinstance(value, bool):
        raise RequestError(
            f"Expected for {name} true or false; received {value!r}. Change it and start again."
        )


def _check_pack(start: Path, request: TrainingRequest, classes: tuple[str, ...]) -> None:
    try:
        card = open_pack(start).card
    except ModelPackError as error:
        raise TrainingError(f"{start} cannot be gone on from. {error}") from error
    if request.protocol == "honest" and card.protocol != "honest":
        raise RequestError(
            f"{card.name} was not trained under the honest protocol, or does not say so: it may know "
            f"copies of the scans that are to test here. Choose another model to go on from, or "
            f"other weights, or --protocol published."
        )
    wanted = architecture(request.architecture).display_name
    if card.architecture != wanted:
        raise RequestError(
            f"{card.name} is a network of the kind {card.architecture}, and {wanted} is to be "
            f"trained. Choose another model to go on from, or train {card.architecture}."
        )
    if card.classes != classes:
        raise RequestError(
            f"{card.name} knows the classes {', '.join(card.classes)}, and the data set has "
            f"{', '.join(classes)}. Choose another model to go on from, or ImageNet weights."
        )

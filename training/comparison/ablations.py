"""Ablations: pairs of models that differ in one respect only (Figures 14 to 16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Literal

from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import TrainingRequest
from training.augmenting.augmentation import without_augmentation
from training.comparison.contenders import Contender

Subject = Literal["preprocessing", "augmentation"]


@dataclass(frozen=True)
class Ablation:
    """Two models trained with and without the subject and otherwise alike, by their indices."""

    subject: Subject
    with_it: int
    without_it: int


def find_ablations(contenders: list[Contender]) -> list[Ablation]:
    """Find the pairs whose recorded requests and training scans differ in one subject only.

    Names and output folders are ignored. Without preprocessing means
    :data:`btgui.engine.preprocessing.PLAIN`, without augmentation means that all of its values are
    0.
    """
    requests = [_compared(contender) for contender in contenders]
    fingerprints = [contender.pack.card.dataset_fingerprint for contender in contenders]
    found = []
    for first, second in permutations(range(len(contenders)), 2):
        mine, other = requests[first], requests[second]
        if mine is None or other is None or fingerprints[first] != fingerprints[second]:
            continue
        if not is_augmented(other) and mine != other and without(mine) == other:
            found.append(Ablation("augmentation", first, second))
        if (
            other.preprocessing.is_plain
            and not mine.preprocessing.is_plain
            and replace(mine, preprocessing=other.preprocessing) == other
        ):
            found.append(Ablation("preprocessing", first, second))
    return found


def is_augmented(request: TrainingRequest) -> bool:
    """Whether the request asks for augmentation."""
    return without(request) != request


def without(request: TrainingRequest) -> TrainingRequest:
    """Return the request without augmentation."""
    return replace(request, recipe=without_augmentation(request.recipe))


def commands_for(subject: Subject, contender: Contender) -> tuple[str, str]:
    """Return two commands that train the same network with and without the subject."""
    request = contender.request
    network = request.architecture if request else "mobilenetv2"
    command = f"python -m training fit DATASET --architecture {network}"
    return (
        f"{command} --name With --output models/with",
        f"{command} --name Without --no-{subject} --output models/without",
    )


def describe(parameters: PreprocessingParameters) -> str:
    """Describe the preprocessing in a few words."""
    if parameters.is_plain:
        return "none"
    return "as published" if parameters.crop_to_head else "without crop"


def _compared(contender: Contender) -> TrainingRequest | None:
    """Return the parts of a model's request that are compared, with the card's preprocessing."""
    request = contender.request
    if request is None:
        return None
    return replace(request, name="", output="", preprocessing=contender.pack.card.preprocessing)

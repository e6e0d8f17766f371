"""Averaging of the weights of models from one line of fine-tuning.

Models fine-tuned from one another lie in one basin of the loss, and the mean of their weights often
generalises better than each of them (model soups, Wortsman et al. 2022; Izmailov et al. 2018), at the
inference cost of one model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from btgui.engine.counting import counted
from btgui.engine.errors import TrainingError
from btgui.engine.models.pack import ModelPack
from btgui.engine.softmax import softmax
from btgui.engine.training_request import TrainingRequest
from training.calibration import fit_temperature, negative_log_likelihood
from training.destinations import check_free
from training.fitting.material import Material, gather, request_of, split
from training.fitting.prototypes import fit_detector
from training.fitting.save_model import TrainedNetwork, save_model
from training.fitting.validation import calibrate, validation_logits
from training.networks.architectures import architecture, build_network
from training.scans.scan_record import earlier_beside, trained_by

if TYPE_CHECKING:
    import keras


def average(
    packs: list[ModelPack],
    run: Path,
    output: Path,
    name: str,
    say: Callable[[str], None],
    *,
    bias_correction: bool = False,
) -> ModelPack:
    """Write the average as a new pack, if its validation loss is lower than that of each model.

    The losses on the validation scans are compared, each at its best temperature. Scans that a
    model's own record lists as training scans are left out.

    Parameters
    ----------
    packs
        At least two models with the same network and classes.
    run
        Work folder of the run whose validation scans are used.
    bias_correction
        Fit class biases of the average to these scans, even if the run's recipe does not.

    Raises
    ------
    DatasetError
        The output exists already, or cannot be written.
    TrainingError
        The models do not match one another or the run, the folder holds no run, all of the run's
        validation scans were training scans of a model, or the average is no better.
    """
    check_free(output)
    request = replace(request_of(run), output=str(output), name=name)
    if bias_correction:
        request = replace(request, recipe=replace(request.recipe, bias_correction=True))
    _check(packs, request)
    material = split(request, gather(request), run, say)
    request = material.request
    _check_run(packs[0], request, material.classes)
    material = _not_known(packs, material, say)
    validation = material.preprocessed(material.splits.validation, say)
    members = [load_network(pack, request, len(material.classes)) for pack in packs]
    mean = load_network(packs[0], request, len(material.classes))
    weights = zip(*(member.get_weights() for member in members), strict=True)
    mean.set_weights([np.mean(arrays, axis=0) for arrays in weights])
    losses = []
    for network in (*members, mean):
        logits, labels = validation_logits(network, request, material.classes, validation)
        # Each at its own best temperature, so that differences in confidence do not matter.
        probabilities = softmax(logits, fit_temperature(logits, labels))
        losses.append(negative_log_likelihood(probabilities, labels))
    said = ", ".join(
        f"{pack.card.id} {loss:.4f}" for pack, loss in zip(packs, losses, strict=False)
    )
    say(f"Validation loss: {said}; average {losses[-1]:.4f}.")
    if losses[-1] >= min(losses[:-1]):
        raise TrainingError(
            "The average has no lower validation loss than the best of the models; use that model."
        )
    correct = request.recipe.bias_correction
    calibrated = calibrate(mean, logits, labels, validation.scans, bias_correction=correct)
    train = material.preprocessed(material.splits.train, say)
    trained = TrainedNetwork(
        network=mean,
        classes=material.classes,
        calibrated=calibrated,
        digests=_digests(packs, material),
        detector=fit_detector(mean, request, material.classes, train, validation),
        seconds=sum(float(pack.card.training.get("seconds", 0)) for pack in packs),
        averaged=tuple(pack.card.id for pack in packs),
        even_cells=packs[0].card.has_even_cells,
        history=joined_history(packs),
    )
    pack = save_model(request, trained, material.splits)
    say(f"Saved {pack.card.name} to {pack.folder}.")
    return pack


def _not_known(packs: list[ModelPack], material: Material, say: Callable[[str], None]) -> Material:
    """Leave out validation scans that a model was trained on, as they would favour that model."""
    digests = frozenset[str]().union(*(trained_by(pack) or () for pack in packs))
    validation = material.splits.validation
    left = [scan for scan in validation if material.digest(scan) not in digests]
    if not any(scan.is_known for scan in left):
        raise TrainingError(
            "Expected validation scans of the run that none of the models was trained on, received "
            "only scans that one was. Name the run of another of the models, or other models."
        )
    if count := len(validation) - len(left):
        those = counted(len(validation), "validation scan")
        say(f"Left out: {count:,} of {those}, on which one of the models was trained.")
    return replace(material, splits=replace(material.splits, validation=left))


def _digests(packs: list[ModelPack], material: Material) -> dict[str, list[str]]:
    """Return the run's digests, with "earlier" for recorded training scans of the models."""
    digests = material.digests()
    earlier = material.earlier.union(*(trained_by(pack) or () for pack in packs))
    return digests | earlier_beside(digests["train"], earlier)


def joined_history(packs: list[ModelPack]) -> dict[str, list[float]]:
    """Return the concatenated training histories of the models.

    Only figures that all recorded histories contain are kept, so that each has one value per epoch;
    models without a history add no epochs.
    """
    recorded = [pack.card.training.get("history") for pack in packs]
    histories = [one for one in recorded if isinstance(one, dict) and one]
    if not histories:
        return {}
    names = [name for name in histories[0] if all(name in one for one in histories)]
    return {name: [value for one in histories for value in one[name]] for name in names}


def _check(packs: list[ModelPack], request: TrainingRequest) -> None:
    several = 2
    if len(packs) < several:
        raise TrainingError("Expected at least two models to average.")
    first = packs[0].card
    for pack in packs[1:]:
        same = (pack.card.architecture, pack.card.classes, pack.card.preprocessing)
        if same != (first.architecture, first.classes, first.preprocessing):
            raise TrainingError(
                f"{pack.card.id} is another kind of network, or has other classes or "
                f"preprocessing, than {first.id}, so the two cannot be averaged."
            )
        if pack.card.stages != first.stages:
            raise TrainingError(
                f"The heatmaps of {pack.card.id} are placed otherwise than those of {first.id}, so the "
                f"two cannot be averaged. Average models from one line of fine-tuning."
            )
    if request.protocol == "honest" and any(pack.card.protocol != "honest" for pack in packs):
        raise TrainingError(
            "A model trained under the published protocol cannot be part of an average under the "
            "honest protocol. Leave it out."
        )


def _check_run(pack: ModelPack, request: TrainingRequest, classes: tuple[str, ...]) -> None:
    """Refuse a run with another network, other classes or other preprocessing than the models."""
    expected = (architecture(request.architecture).display_name, classes, request.preprocessing)
    if (pack.card.architecture, pack.card.classes, pack.card.preprocessing) != expected:
        raise TrainingError(
            f"Expected a run with the models' network, classes and preprocessing, received a run of "
            f"{expected[0]} with the classes {', '.join(classes)}; {pack.card.id} is "
            f"{pack.card.architecture} with {', '.join(pack.card.classes)}. Name the run of one of "
            f"the models."
        )


def load_network(pack: ModelPack, request: TrainingRequest, class_count: int) -> keras.Model:
    """Return the network of a pack, built as for the request's training."""
    return build_network(
        request.architecture,
        class_count,
        weights=str(pack.folder),
        dropout=request.recipe.dropout,
        batch_norm_momentum=request.recipe.batch_norm_momentum,
        input_side=request.preprocessing.input_height,
    )

"""A training run: from a request to a model pack."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btgui.engine.errors import TrainingError
from btgui.engine.model_pack import ModelPack
from btgui.engine.training_request import Recipe, TrainingRequest
from training.architectures import build_network, freeze_stages
from training.cache import CachedScans
from training.calibration import fit_temperature
from training.history import read_history
from training.label_loss import label_loss, named_possible
from training.mask_loss import mask_loss, training_network
from training.material import gather, split
from training.save_model import TrainedNetwork, save_model
from training.validation import validation_logits

if TYPE_CHECKING:
    import keras

Say = Callable[[str], None]


def fit(
    request: TrainingRequest, work_folder: Path, say: Say, *, resume: bool = False
) -> ModelPack:
    """Train as requested and write a model pack to ``request.output``.

    Parameters
    ----------
    work_folder
        For the cache, the checkpoints and the log; a run that was interrupted goes on
        from here with ``resume``.
    say
        Takes one line of progress at a time.

    Raises
    ------
    DatasetError
        The data set cannot be trained on.
    TrainingError
        The output exists already, a work folder holds another run, or the loss is
        not a number.
    """
    import keras

    if Path(request.output).exists():
        raise TrainingError(f"{request.output} exists already. Choose another output folder.")
    if request.recipe.epochs < 1 or request.recipe.batch_size < 1:
        raise TrainingError(
            f"Expected at least one epoch and one scan a batch, received "
            f"{request.recipe.epochs} epochs of batches of {request.recipe.batch_size}."
        )
    # Before the work folder is taken: a slip in the data set's path must not leave it taken.
    scans = gather(request)
    _claim(work_folder, request, resume=resume)
    keras.utils.set_random_seed(request.seed)
    material = split(request, scans, work_folder, say)
    request, classes = material.request, material.classes
    train = material.preprocessed(material.splits.train, say)
    validation = material.preprocessed(material.splits.validation, say)
    started = time.monotonic()
    network = _fit_network(request, classes, train, validation, work_folder)
    seconds = time.monotonic() - started
    logits, labels = validation_logits(network, request, classes, validation)
    trained = TrainedNetwork(
        network=network,
        classes=classes,
        temperature=fit_temperature(logits, labels),
        validation_accuracy=float((logits.argmax(axis=1) == labels).mean()),
        seconds=seconds,
        history=read_history(work_folder / "log.csv"),
    )
    pack = save_model(request, trained, material.splits)
    say(f"Saved {pack.card.name} to {pack.folder}.")
    return pack


def _claim(work_folder: Path, request: TrainingRequest, *, resume: bool) -> None:
    """Note the request in the work folder, or check that a resumed run is the same run."""
    note = work_folder / "request.json"
    if note.is_file():
        before = TrainingRequest.from_json(json.loads(note.read_text(encoding="utf-8")))
        if not resume:
            raise TrainingError(
                f"{work_folder} holds a run already. Go on with --resume, or choose another "
                f"--work folder."
            )
        if before != request:
            raise TrainingError(
                f"The run in {work_folder} was started with other settings. Use the same ones to "
                f"resume it, or choose another --work folder."
            )
        return
    work_folder.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps(request.to_json(), indent=1), encoding="utf-8")


def _optimizer(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    import keras

    rate: Any = recipe.learning_rate
    if recipe.cosine_decay:
        warmup = round(recipe.warmup_epochs * steps_per_epoch)
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=recipe.learning_rate / 100,
            decay_steps=max(1, recipe.epochs * steps_per_epoch - warmup),
            alpha=0.01,
            warmup_target=recipe.learning_rate,
            warmup_steps=max(1, warmup),
        )
    if recipe.weight_decay:
        optimizer = keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay)
        # Decaying biases and normalisation scales only hurts (Goyal et al. 2017).
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        return optimizer
    return keras.optimizers.Adam(rate)


def _fit_network(
    request: TrainingRequest,
    classes: tuple[str, ...],
    train: CachedScans,
    validation: CachedScans,
    work_folder: Path,
) -> keras.Model:
    """Fit, keeping the weights of the best epoch by validation loss."""
    import keras

    from training.batches import ScanBatches
    from training.callbacks import BestWeights, EpochCheckpoint, WeightAverage, first_epoch

    recipe = request.recipe
    network = build_network(
        request.architecture,
        len(classes),
        weights=request.weights,
        dropout=recipe.dropout,
        batch_norm_momentum=recipe.batch_norm_momentum,
    )
    freeze_stages(network, request.architecture, recipe.frozen_stages)
    model = training_network(network)
    epoch = first_epoch(work_folder)
    common = {
        "parameters": request.preprocessing,
        "recipe": recipe,
        "grid": model.output["activation"].shape[1],
        "seed": request.seed,
    }
    batches = ScanBatches(train, classes, training=True, first_epoch=epoch, **common)
    choosing = ScanBatches(validation, classes, training=False, **common)
    model.compile(
        optimizer=_optimizer(recipe, len(batches)),
        loss={
            "logits": label_loss(recipe.label_smoothing),
            "activation": mask_loss,
        },
        loss_weights={"logits": 1.0, "activation": recipe.mask_loss_weight},
        weighted_metrics={
            "logits": [keras.metrics.MeanMetricWrapper(named_possible, name="accuracy")],
            "activation": [],
        },
    )
    best = BestWeights(work_folder, "val_logits_loss")
    momentum = recipe.weight_average_momentum
    average = [] if momentum is None else [WeightAverage(work_folder, momentum)]
    model.fit(
        batches,
        validation_data=choosing,
        initial_epoch=epoch,
        epochs=recipe.epochs,
        shuffle=False,  # the batches are in a seeded order of their own
        verbose=2,
        callbacks=[
            # Before the checkpoint: the best weights must never be older than the epoch it names.
            best,
            *average,
            EpochCheckpoint(work_folder),
            keras.callbacks.CSVLogger(str(work_folder / "log.csv"), append=epoch > 0),
            keras.callbacks.TerminateOnNaN(),
        ],
    )
    if not best.exists():
        raise TrainingError(
            "The loss became not-a-number in the first epoch. Lower the learning rate and start "
            "again."
        )
    model.load_weights(best.file)
    return network

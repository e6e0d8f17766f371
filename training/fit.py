"""A training run: from a request to a model pack."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from btgui.engine.errors import TrainingError
from btgui.engine.model_pack import ModelPack
from btgui.engine.training_events import PhaseStarted
from btgui.engine.training_request import TrainingRequest
from training.calibration import fit_temperature
from training.checkpoints import Checkpoints
from training.control import Control
from training.fitting import fit_network
from training.imagenet_weights import fetch_weights
from training.material import gather, split
from training.reporting import Reporter, begin
from training.save_model import TrainedNetwork, fingerprint, save_model
from training.validation import validation_logits


def fit(
    request: TrainingRequest,
    work_folder: Path,
    reporter: Reporter,
    control: Control | None = None,
    *,
    resume: bool = False,
    checkpoint_seconds: float = 300.0,
) -> ModelPack:
    """Train as requested and write a model pack to ``request.output``.

    Parameters
    ----------
    work_folder
        For the cache and the checkpoints; a run that was interrupted goes on from here
        with ``resume``.
    reporter
        Takes what happens.
    control
        What the run is told meanwhile.
    checkpoint_seconds
        Between two checkpoints within an epoch; one is written after every epoch, too.

    Raises
    ------
    DatasetError
        The data set cannot be trained on.
    TrainingError
        The output exists already, a work folder holds another run, the ImageNet weights
        cannot be fetched, the loss is not a number, or the disk is full.
    Cancelled
        The run was told to stop; with ``resume`` it goes on.
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
    reporter.emit(PhaseStarted("reading"))
    scans = gather(request)
    _claim(work_folder, request, resume=resume)
    if not Checkpoints(work_folder).exists():
        fetch_weights(request.architecture, request.weights, reporter, control)
    keras.utils.set_random_seed(request.seed)
    counted = begin(reporter, "comparing", len(scans), control)
    material = split(request, scans, work_folder, reporter, counted)
    # Now: at the end, hours later, the files may be gone.
    content = fingerprint(material.splits)
    to_train, to_choose = material.splits.train, material.splits.validation
    counted = begin(reporter, "preprocessing", len(to_train) + len(to_choose), control)
    train = material.preprocessed(to_train, reporter, counted)
    validation = material.preprocessed(
        to_choose, reporter, lambda done: counted(len(to_train) + done)
    )
    reporter.emit(PhaseStarted("fitting", len(train.scans)))
    network, state = fit_network(
        material.request,
        material.classes,
        (train, validation),
        work_folder,
        (reporter, control or Control()),
        checkpoint_seconds,
    )
    reporter.emit(PhaseStarted("measuring", len(validation.scans)))
    logits, labels = validation_logits(network, material.request, material.classes, validation)
    trained = TrainedNetwork(
        network=network,
        classes=material.classes,
        temperature=fit_temperature(logits, labels),
        validation_accuracy=float((logits.argmax(axis=1) == labels).mean()),
        seconds=state.seconds,
        history=state.history,
        fingerprint=content,
    )
    reporter.emit(PhaseStarted("saving"))
    # The recipe as it was carried out: a batch may have been too large for the memory.
    recipe = replace(material.request.recipe, batch_size=state.batch_size)
    pack = save_model(replace(material.request, recipe=recipe), trained, material.splits)
    reporter(f"Saved {pack.card.name} to {pack.folder}.")
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

"""A training run: from a request to a model pack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import Cancelled, DatasetError, ModelPackError, TrainingError
from btgui.engine.models.pack import ModelPack, open_pack
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.events import PhaseStarted
from training.control import Control
from training.destinations import check_free
from training.event_output import Reporter, begin, wait_while_paused
from training.fitting.checkpoints import Checkpoints
from training.fitting.material import Material, gather, split
from training.fitting.network_fit import fit_network
from training.fitting.prototypes import MOST_SCANS, fit_detector
from training.fitting.request_check import check_files, check_values
from training.fitting.save_model import (
    TrainedNetwork,
    card_for,
    fingerprint,
    save_model,
    tidy_beside,
)
from training.fitting.validation import calibrate, validation_logits
from training.networks.back_end import check_back_end
from training.networks.imagenet_weights import fetch_weights
from training.safe_writing import written_whole
from training.scans.cache import CachedScans
from training.scans.disjoint import check_disjoint
from training.scans.run_classes import with_classes
from training.scans.split_note import SplitNote, forget_split, note_split, noted_split

_REQUEST = "request.json"


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
        Folder for the cache and the checkpoints. With ``resume``, an interrupted run in the folder is
        resumed; if its model exists already, that is returned.
    reporter
        Receives the events of the run.
    control
        Receives the commands to the run.
    checkpoint_seconds
        Time between two checkpoints within an epoch; there is also one after every epoch.

    Raises
    ------
    DatasetError
        The data set cannot be trained on, or the output exists already or cannot be written.
    TrainingError
        The work folder holds another run, the ImageNet weights cannot be downloaded, the loss is
        not a number, or the disk is full.
    Cancelled
        The run received a stop command; ``resume`` continues it.
    """
    check_back_end()
    import keras

    control = control or Control()
    if resume and (made := _made_before(request, work_folder)):
        reporter(f"This run is complete: {made.card.name} is in {made.folder}.")
        return made
    check_free(Path(request.output))
    check_values(request)
    # Before the work folder is claimed: a mistyped data set must not leave it claimed.
    reporter.emit(PhaseStarted("reading"))
    with _before_training():
        scans = gather(request, control.raise_if_stop_wanted)
    # Check the future card before hours of training, not after.
    begun = Checkpoints(work_folder).exists()
    named, classes = with_classes(request, scans, noted_split(work_folder) if begun else None)
    card_for(named, classes).check()
    if not begun:
        added = [folder for folder, _label in request.added]
        check_disjoint([Path(place) for place in (*request.datasets, *added)], scans)
        check_files(request, classes)
    _claim(work_folder, request, reporter, resume=resume)
    keras.utils.set_random_seed(request.seed)
    with _before_training(), _free_if_unfit(work_folder):
        if not begun:
            fetch_weights(request.architecture, request.weights, reporter, control)
        material, train, validation = _prepare(request, scans, work_folder, reporter, control)
    note = material.noted(scans, train, validation)
    if noted_split(work_folder) is None:
        note_split(work_folder, note)
    reporter.emit(PhaseStarted("fitting", len(train.scans)))
    network, state = fit_network(
        material.request,
        material.classes,
        (train, validation),
        material.even_cells,
        work_folder,
        (reporter, control),
        checkpoint_seconds,
    )
    # The recipe as carried out: the batch size may have been reduced for lack of memory.
    recipe = replace(material.request.recipe, batch_size=state.batch_size)
    carried_out = replace(material.request, recipe=recipe)
    # The validation scans twice: for the calibration, and for the limit of novelty.
    to_read = 2 * len(validation.scans) + min(len(train.scans), MOST_SCANS)
    counted = begin(reporter, "measuring", to_read, control)

    def done(count: int) -> None:
        wait_while_paused(control, reporter)
        counted(count)

    try:
        logits, labels = validation_logits(network, carried_out, material.classes, validation, done)
        detector = fit_detector(
            network,
            carried_out,
            material.classes,
            train,
            validation,
            lambda count: done(len(validation.scans) + count),
        )
    except Cancelled as stopped:
        raise Cancelled(
            "Stopped while the trained network was being measured. The training is complete and kept: "
            "the same command with --resume saves the model."
        ) from stopped
    calibrated = calibrate(
        network, logits, labels, validation.scans, bias_correction=recipe.bias_correction
    )
    trained = TrainedNetwork(
        network=network,
        classes=material.classes,
        calibrated=calibrated,
        seconds=state.seconds,
        detector=detector,
        history=state.history,
        digests=note.digests(),
        even_cells=material.even_cells,
    )
    reporter.emit(PhaseStarted("saving"))
    pack = _save(carried_out, trained, note, work_folder)
    reporter(f"Saved {pack.card.name} to {pack.folder}.")
    return pack


@contextmanager
def _before_training() -> Iterator[None]:
    """Explain in the error how to resume a run that is stopped in the block."""
    try:
        yield
    except Cancelled as stopped:
        raise Cancelled(
            "Stopped before the training began. The same command with --resume continues."
        ) from stopped


@contextmanager
def _free_if_unfit(work_folder: Path) -> Iterator[None]:
    """Release the work folder if the scans cannot be trained on."""
    try:
        yield
    except DatasetError:
        # The user needs other scans or settings, and the folder for them.
        if noted_split(work_folder) is None and not Checkpoints(work_folder).exists():
            (work_folder / _REQUEST).unlink(missing_ok=True)
        raise


def _prepare(
    request: TrainingRequest,
    scans: list[LabelledScan],
    work_folder: Path,
    reporter: Reporter,
    control: Control,
) -> tuple[Material, CachedScans, CachedScans]:
    """Split and preprocess the scans; return all of them, the training and the validation scans."""
    counted = begin(reporter, "comparing", len(scans), control)
    material = split(request, scans, work_folder, reporter, counted)
    to_train, to_choose = material.splits.train, material.splits.validation
    counted = begin(reporter, "preprocessing", len(to_train) + len(to_choose), control)
    train = material.preprocessed(to_train, reporter, counted)
    validation = material.preprocessed(
        to_choose, reporter, lambda done: counted(len(to_train) + done)
    )
    return material, train, validation


def _save(
    request: TrainingRequest, trained: TrainedNetwork, note: SplitNote, work_folder: Path
) -> ModelPack:
    try:
        return save_model(request, trained, note.splits)
    except ModelPackError as error:
        raise TrainingError(
            f"{error} The training is complete and kept: resuming saves the model without training "
            f"again (Resume in the window, --resume on the command line; for another --output folder, "
            f"name --work {work_folder} too)."
        ) from error


def _made_before(request: TrainingRequest, work_folder: Path) -> ModelPack | None:
    """Return the model of this run if it has been saved already, else None.

    A kill may come after the model was saved and before the run could report it.
    """
    output = Path(request.output)
    before = _noted_request(work_folder / _REQUEST)
    if before is None or not _is_same_run(before, request):
        return None
    try:
        pack = open_pack(output)
    except ModelPackError:
        return None
    note = noted_split(work_folder)
    same_scans = note and pack.card.dataset_fingerprint == fingerprint(note.digests())
    history = Checkpoints(work_folder).state().history
    if not same_scans or pack.card.training.get("history") != history:
        return None
    tidy_beside(output)
    return pack


def _claim(
    work_folder: Path, request: TrainingRequest, reporter: Reporter, *, resume: bool
) -> None:
    """Write the request into the work folder, or check that a resumed run has the same request."""
    note = work_folder / _REQUEST
    before = _noted_request(note)
    if before is not None:
        if not resume:
            raise TrainingError(
                f"{work_folder} holds a run already. Resume it with --resume, or choose another "
                f"--work folder."
            )
        if not _is_same_run(before, request):
            raise TrainingError(
                f"The run in {work_folder} was started with other settings. Use the same settings to "
                f"resume it, or choose another --work folder."
            )
        return
    if Checkpoints(work_folder).exists():
        raise TrainingError(
            f"The request of the run in {work_folder} (request.json) cannot be read, so the run "
            f"cannot be resumed. Restore the file from a copy, or choose another --work folder."
        )
    if resume:
        reporter(f"There is no run in {work_folder} to resume: a new one begins.")
    try:
        work_folder.mkdir(parents=True, exist_ok=True)
        forget_split(work_folder)
        with written_whole(note) as stream:
            stream.write(json.dumps(request.to_json(), indent=1).encode())
    except OSError as error:
        raise TrainingError(
            f"{work_folder} cannot be written: {error.strerror or error}. Free some space there, or "
            f"choose another --work folder."
        ) from error


def _noted_request(note: Path) -> TrainingRequest | None:
    """Return the request noted by a run; None if the file is missing or damaged.

    Raises
    ------
    TrainingError
        The file is valid JSON but no training request, so it belongs to the user.
    """
    try:
        values = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    try:
        return TrainingRequest.from_json(values)
    except ValueError as error:
        raise TrainingError(
            f"Expected a training request in {note}, received something else ({error}). The file was "
            f"left unchanged: choose another --work folder."
        ) from error


def _is_same_run(before: TrainingRequest, request: TrainingRequest) -> bool:
    """Whether both requests train alike; output, name and bias correction may differ."""
    recipe = replace(request.recipe, bias_correction=before.recipe.bias_correction)
    return before == replace(request, output=before.output, name=before.name, recipe=recipe)

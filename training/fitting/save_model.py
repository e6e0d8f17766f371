"""Writing a trained network as a model pack, and adding test results to its card."""

from __future__ import annotations

import hashlib
import platform
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from btgui.engine.class_names import display_name
from btgui.engine.datasets.dataset import classes_of
from btgui.engine.disk.file_lock import LockHeldError, holding
from btgui.engine.disk.files import fresh_folder
from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard, TestResult, id_of
from btgui.engine.models.pack import MODEL_FILE, ModelPack, write_pack
from btgui.engine.models.prototypes import write_prototypes
from btgui.engine.novelty import NoveltyDetector
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.runtimes.reference_check import reference_inputs
from btgui.engine.training_request import TrainingRequest
from training.fitting.validation import Calibrated
from training.networks.architectures import architecture
from training.networks.exact_arithmetic import exact_arithmetic
from training.networks.geometry import with_grids
from training.scans.scan_record import write_record
from training.scans.splits import Splits

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A trained network with the results of its training.

    Attributes
    ----------
    calibrated
        The calibration on the validation scans.
    detector
        Recognises scans unlike the training scans; None for a model that cannot.
    averaged
        Ids of the models that the network is the average of, if any.
    history
        For each figure, one value per epoch.
    digests
        SHA-256 of the scans of each part and, under "earlier", of those that trained only the models
        before it.
    even_cells
        Whether heatmaps are placed as if cells divided the input evenly.
    """

    network: keras.Model
    classes: tuple[str, ...]
    calibrated: Calibrated
    seconds: float
    detector: NoveltyDetector | None = None
    averaged: tuple[str, ...] = ()
    history: dict[str, list[float]] = field(default_factory=dict)
    digests: Mapping[str, list[str]] = field(default_factory=dict)
    even_cells: bool = False


def save_model(request: TrainingRequest, trained: TrainedNetwork, splits: Splits) -> ModelPack:
    """Write the pack to ``request.output``; its card has no test results yet.

    A file beside the card records the training, validation and test scans as digests of their
    contents; a pack contains no file names.

    Raises
    ------
    ModelPackError
        The folder exists already, another training run is writing it, or it cannot be written.
    """
    network = trained.network
    empty = card_for(request, trained.classes)
    card = replace(
        empty,
        stages=empty.stages if trained.even_cells else with_grids(empty.stages, network),
        temperature=trained.calibrated.temperature,
        parameter_count=int(network.count_params()),
        training={
            "request": request.without_paths(),
            "scans": {
                "train": len(splits.train),
                "validation": len(splits.validation),
                "test": len(splits.test),
                "left_out_as_copies_of_test_scans": splits.left_out,
                "left_out_as_related_to_validation_scans": splits.crossing,
                "left_out_as_known_to_the_starting_model": splits.learned,
            },
            "validation_accuracy": trained.calibrated.accuracy,
            "class_biases": _by_class(trained),
            "without_scans": sorted(set(trained.classes) - set(classes_of(splits.train))),
            "seconds": round(trained.seconds),
            "averaged": list(trained.averaged),
            "history": trained.history,
        },
        dataset_fingerprint=fingerprint(trained.digests) if trained.digests else "",
        library_versions=_library_versions(),
        reference_logits=reference_logits(network, request.preprocessing),
        novelty_limit=None if trained.detector is None else trained.detector.limit,
    )
    output = Path(request.output)
    try:
        # Beside the output, as the folder for temporary files may be on a smaller disk.
        output.parent.mkdir(parents=True, exist_ok=True)
        with _alone_at(output), fresh_folder(_network_folder(output)) as folder:
            model_file = folder / MODEL_FILE
            # This network must not be compiled: Keras would save the optimiser too, at three times
            # the size.
            network.save(model_file)
            others = list(write_record(folder, trained.digests))
            if trained.detector is not None:
                others.append(write_prototypes(folder, trained.detector.prototypes))
            return write_pack(output, card, model_file, tuple(others))
    except OSError as error:
        raise ModelPackError(f"{output} cannot be written: {error.strerror or error}.") from error


def _by_class(trained: TrainedNetwork) -> dict[str, float]:
    """Return the class biases that were added after training, by class; empty if there are none."""
    biases = trained.calibrated.biases
    return dict(zip(trained.classes, biases, strict=True)) if biases else {}


def tidy_beside(output: Path) -> None:
    """Remove temporary files that a kill left beside a finished pack."""
    shutil.rmtree(_network_folder(output), ignore_errors=True)
    with suppress(OSError):
        _lock(output).unlink()


def _network_folder(output: Path) -> Path:
    """Return the temporary folder of the network while the pack is written."""
    return output.with_name(f".new-{output.name}.network")


def _lock(output: Path) -> Path:
    return output.with_name(f".new-{output.name}.lock")


@contextmanager
def _alone_at(output: Path) -> Iterator[None]:
    """Lock the output against other training runs, which would remove unfinished files of this one."""
    held = ExitStack()
    try:
        held.enter_context(holding(_lock(output)))
    except LockHeldError as error:
        raise ModelPackError(f"{output} is being written by another training run.") from error
    try:
        with held:
            yield
    finally:
        with suppress(OSError):  # on Windows, if another process tries to lock the file just now
            _lock(output).unlink()


def card_for(request: TrainingRequest, classes: tuple[str, ...]) -> ModelCard:
    """Return a model's card with what is known before training; the rest is empty."""
    known = architecture(request.architecture)
    shown = dict(request.display_names)
    created = datetime.now(UTC)
    return ModelCard(
        format_version=1,
        id=id_of(f"{request.architecture}-{created:%Y%m%d}", Path(request.output).name),
        name=request.name,
        architecture=known.display_name,
        classes=classes,
        display_names=tuple(shown.get(name) or display_name(name) for name in classes),
        preprocessing=request.preprocessing,
        stages=known.stages,
        logits_layer="logits",
        temperature=1.0,
        results=(),
        parameter_count=0,
        training={},
        dataset_fingerprint="",
        library_versions={},
        seed=request.seed,
        created=created.isoformat(timespec="seconds"),
        licence="Apache-2.0",
        files={},
    )


def add_result(pack: ModelPack, result: TestResult, output: Path) -> ModelPack:
    """Write a copy of a pack with one more test result, replacing a result on the same data."""
    kept = tuple(old for old in pack.card.results if old.data != result.data)
    card = replace(pack.card, results=(*kept, result))
    others = tuple(pack.folder / name for name in card.files if name != MODEL_FILE)
    return write_pack(output, card, pack.model_file, others)


@exact_arithmetic()
def reference_logits(
    network: keras.Model, parameters: PreprocessingParameters
) -> tuple[tuple[float, ...], ...]:
    """Return the network's logits for the reference patterns, computed by Keras in float32."""
    import keras

    part = keras.Model(network.input, network.get_layer("logits").output)
    # predict() would compile the network for these few inputs.
    computed = keras.ops.convert_to_numpy(part(reference_inputs(parameters), training=False))
    return tuple(tuple(float(value) for value in row) for row in computed)


def fingerprint(digests: Mapping[str, list[str]]) -> str:
    """Return a digest of the training and the validation scans, from the digests of each part."""
    digest = hashlib.sha256()
    for part in ("train", "validation"):
        for content in sorted(digests[part]):
            digest.update(content.encode())
        digest.update(b"|")
    return digest.hexdigest()


def _library_versions() -> dict[str, str]:
    import cv2
    import keras
    import numpy as np

    return {
        "python": platform.python_version(),
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "numpy": np.__version__,
        "opencv": cv2.__version__,
    }

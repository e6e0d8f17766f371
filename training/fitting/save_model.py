"""Writing a trained network as a model pack, and adding test figures to its card."""

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
from training.scans.scan_record import write_record
from training.scans.splits import Splits

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A fitted network with what was fitted to validation scans at its end (``calibrated``).

    ``detector`` recognises scans unlike the training scans; ``averaged`` names the models it averages; ``history`` has one list of values, one
    an epoch, for each figure; ``digests`` are the SHA-256 of the scans of each part, and under "earlier" of those that
    trained what it went on from alone.
    """

    network: keras.Model
    classes: tuple[str, ...]
    calibrated: Calibrated
    seconds: float
    detector: NoveltyDetector | None = None
    averaged: tuple[str, ...] = ()
    history: dict[str, list[float]] = field(default_factory=dict)
    digests: Mapping[str, list[str]] = field(default_factory=dict)


def save_model(request: TrainingRequest, trained: TrainedNetwork, splits: Splits) -> ModelPack:
    """Write the pack to ``request.output``; its card has no test figures yet.

    Beside the card lies which scan trained, chose and was kept for the test, as digests of
    the files' contents: no name of a file gets into a pack.

    Raises
    ------
    ModelPackError
        The folder exists already, another training writes it, or it cannot be written.
    """
    network = trained.network
    card = replace(
        card_for(request, trained.classes),
        temperature=trained.calibrated.temperature,
        parameter_count=int(network.count_params()),
        training={
            "request": request.without_paths(),
            "scans": {
                "train": len(splits.train),
                "validation": len(splits.validation),
                "test": len(splits.test),
                "left_out_as_copies_of_test_scans": splits.left_out,
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
        # Beside the output: the folder for temporary files may lie on a smaller disk.
        output.parent.mkdir(parents=True, exist_ok=True)
        with _alone_at(output), fresh_folder(_network_folder(output)) as folder:
            model_file = folder / MODEL_FILE
            # Keras writes a compiled network's optimiser too, of three times the size: compile
            # another.
            network.save(model_file)
            others = list(write_record(folder, trained.digests))
            if trained.detector is not None:
                others.append(write_prototypes(folder, trained.detector.prototypes))
            return write_pack(output, card, model_file, tuple(others))
    except OSError as error:
        raise ModelPackError(f"{output} cannot be written: {error.strerror or error}.") from error


def _by_class(trained: TrainedNetwork) -> dict[str, float]:
    """Return the class biases that were added at the end; empty where none were."""
    biases = trained.calibrated.biases
    return dict(zip(trained.classes, biases, strict=True)) if biases else {}


def tidy_beside(output: Path) -> None:
    """Remove what a kill left beside a pack that is in its place."""
    shutil.rmtree(_network_folder(output), ignore_errors=True)
    with suppress(OSError):
        _lock(output).unlink()


def _network_folder(output: Path) -> Path:
    """Return where the network lies while a pack is made of it."""
    return output.with_name(f".new-{output.name}.network")


def _lock(output: Path) -> Path:
    return output.with_name(f".new-{output.name}.lock")


@contextmanager
def _alone_at(output: Path) -> Iterator[None]:
    """Let no other training write there meanwhile: each would remove what the other has half-written."""
    held = ExitStack()
    try:
        held.enter_context(holding(_lock(output)))
    except LockHeldError as error:
        raise ModelPackError(f"{output} is being written by another training.") from error
    try:
        with held:
            yield
    finally:
        with suppress(OSError):  # on Windows, where somebody tries to hold it at this moment
            _lock(output).unlink()


def card_for(request: TrainingRequest, classes: tuple[str, ...]) -> ModelCard:
    """Return what a model's card will say that is known before it is trained; the rest is empty."""
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
    """Write a copy of a pack whose card holds one more test result (same test replaced)."""
    kept = tuple(old for old in pack.card.results if old.data != result.data)
    card = replace(pack.card, results=(*kept, result))
    others = tuple(pack.folder / name for name in card.files if name != MODEL_FILE)
    return write_pack(output, card, pack.model_file, others)


@exact_arithmetic()
def reference_logits(
    network: keras.Model, parameters: PreprocessingParameters
) -> tuple[tuple[float, ...], ...]:
    """Return what the framework computes for the reference patterns, in float32."""
    import keras

    part = keras.Model(network.input, network.get_layer("logits").output)
    # Not by predict(), which would compile the network for these few.
    computed = keras.ops.convert_to_numpy(part(reference_inputs(parameters), training=False))
    return tuple(tuple(float(value) for value in row) for row in computed)


def fingerprint(digests: Mapping[str, list[str]]) -> str:
    """Return a digest of which scans trained and which chose, from the digests of each part."""
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

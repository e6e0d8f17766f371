"""What a run trains on and chooses by: gathered, split, and preprocessed into its cache."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from btgui.engine.dataset import (
    LabelledScan,
    classes_of,
    read_class_folder,
    read_dataset,
    without,
)
from btgui.engine.errors import TrainingError
from btgui.engine.training_request import TrainingRequest
from training.architectures import architecture
from training.cache import CachedScans, cache_scans
from training.masks import read_masks
from training.splits import Splits, make_splits

Count = Callable[[int], None]


def _uncounted(_count: int) -> None:
    """Count nothing."""


@dataclass(frozen=True, eq=False)
class Material:
    """A request's scans.

    ``request`` is the request with the preprocessing that its architecture needs;
    ``cache`` is where preprocessed scans are kept.
    """

    request: TrainingRequest
    classes: tuple[str, ...]
    splits: Splits
    cache: Path

    def preprocessed(
        self, scans: list[LabelledScan], say: Callable[[str], None], done: Count = _uncounted
    ) -> CachedScans:
        """Return some of the scans preprocessed, with the masks of those that have one.

        ``done`` is called with how many are ready.
        """
        request = self.request
        folders = [Path(folder) for folder in request.datasets]
        masks = read_masks(Path(request.masks), folders) if request.masks else {}
        return cache_scans(scans, masks, request.preprocessing, self.cache, say, done)


def request_of(run: Path) -> TrainingRequest:
    """Return what a run was asked for, from its work folder.

    Raises
    ------
    TrainingError
        It is not the work folder of a run.
    """
    try:
        text = (run / "request.json").read_text(encoding="utf-8")
        return TrainingRequest.from_json(json.loads(text))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"Expected the work folder of a training run (with request.json), received {run}."
        ) from error


def gather(request: TrainingRequest) -> list[LabelledScan]:
    """List all scans of the data sets and of the added folders but those that were left out.

    Raises
    ------
    DatasetError, TrainingError
        A folder is missing or empty, or an added class is not known.
    """
    scans = [scan for folder in request.datasets for scan in read_dataset(Path(folder))]
    known = set(classes_of(scans))
    for folder, label in request.added:
        if not set(label.split("|")) <= known:
            raise TrainingError(
                f"Expected a class among {', '.join(sorted(known))} for the added folder "
                f"{folder}, received {label!r}."
            )
        scans += read_class_folder(Path(folder), label)
    return without(scans, frozenset(Path(file) for file in request.left_out))


def split(
    request: TrainingRequest,
    scans: list[LabelledScan],
    work_folder: Path,
    say: Callable[[str], None],
    compared: Count = _uncounted,
) -> Material:
    """Split gathered scans under the request's protocol.

    ``compared`` is called with how many have been read for comparing.

    Raises
    ------
    DatasetError
        A class is left without scans to train or to choose with.
    """
    known = architecture(request.architecture)
    parameters = replace(
        request.preprocessing,
        input_height=known.input_side,
        input_width=known.input_side,
        pixel_scaling=known.pixel_scaling,
    )
    splits = make_splits(
        scans,
        protocol=request.protocol,
        validation_fraction=request.validation_fraction,
        test_fraction=request.test_fraction,
        seed=request.seed if request.split_seed is None else request.split_seed,
        say=say,
        compared=compared,
    )
    say(
        f"{len(splits.train)} scans train, {len(splits.validation)} choose, "
        f"{len(splits.test)} are kept for the test."
    )
    return Material(
        replace(request, preprocessing=parameters),
        classes_of(scans),
        splits,
        work_folder / "cache",
    )

"""The scans of a run: gathered, split, and preprocessed into the run's cache."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import (
    LabelledScan,
    classes_of,
    known_classes,
    open_ones_train,
    read_class_folder,
    read_dataset,
    under_series_windows,
    without,
)
from btgui.engine.datasets.table import tidy_label
from btgui.engine.disk.files import sha256_of
from btgui.engine.disk.folders import folder_name
from btgui.engine.errors import DatasetError, TrainingError
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.start import has_even_cells, without_scans
from training.fitting.save_model import card_for, fingerprint
from training.networks.architectures import architecture
from training.scans.cache import CachedScans, cache_scans
from training.scans.former_scans import former_scans
from training.scans.masks import read_masks
from training.scans.run_classes import with_classes
from training.scans.scan_key import scan_digest
from training.scans.scan_record import earlier_beside
from training.scans.split_note import SplitNote, noted_split
from training.scans.splits import Splits, make_splits

Count = Callable[[int], None]
# More missing scans than these mean a disk or network share that is not connected.
_FEW, _FEW_SHARE = 5, 0.03


@dataclass(frozen=True, eq=False)
class Material:
    """The scans of a training request.

    Attributes
    ----------
    request
        The request with the preprocessing that its architecture needs, and with the class names.
    classes
        The model's classes; some may have no scans
        (:func:`training.scans.run_classes.with_classes`).
    cache
        Folder of the preprocessed scans.
    keys
        Cache keys of the scans that a run in the work folder began with, by path.
    earlier
        SHA-256 of the scans that trained the model which the run fine-tunes.
    even_cells
        Whether heatmaps are placed as if cells divided the input evenly
        (:func:`btgui.engine.training_runs.start.has_even_cells`).
    """

    request: TrainingRequest
    classes: tuple[str, ...]
    splits: Splits
    cache: Path
    keys: Mapping[Path, str] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()
    even_cells: bool = False

    def preprocessed(
        self,
        scans: list[LabelledScan],
        say: Callable[[str], None],
        done: Count = lambda _count: None,
    ) -> CachedScans:
        """Return the given scans preprocessed, with masks if they have outlines.

        ``done`` is called with the number of scans that are ready.

        Raises
        ------
        DatasetError
            Many of the scans, or all scans of a class, are missing or cannot be read.
        TrainingError
            The cache cannot be written (:func:`training.scans.cache.cache_scans`).
        """
        request = self.request
        folders = [Path(folder) for folder in request.datasets]
        # Warnings about the table are reported for the training scans only, so that they appear once.
        warn = say if scans is self.splits.train else lambda _sentence: None
        masks = read_masks(Path(request.masks), folders, warn) if request.masks else {}
        cached = cache_scans(scans, masks, request.preprocessing, self.cache, say, done, self.keys)
        _check_reached(scans, cached.scans)
        return cached

    def digests(self) -> dict[str, list[str]]:
        """Return the SHA-256 of the scans by part of the split, with "earlier" as in a split's note."""
        parts = {name: getattr(self.splits, name) for name in ("train", "validation", "test")}
        digests = {
            name: [digest for scan in part if (digest := self.digest(scan))]
            for name, part in parts.items()
        }
        return digests | earlier_beside(digests["train"], self.earlier)

    def noted(
        self, scans: list[LabelledScan], train: CachedScans, validation: CachedScans
    ) -> SplitNote:
        """Return the split as carried out, for the run's work folder.

        Parameters
        ----------
        scans
            All scans that :func:`gather` found.
        """
        splits = replace(self.splits, train=train.scans, validation=validation.scans)
        keys = {
            scan.path: key
            for part in (train, validation)
            for scan, key in zip(part.scans, part.keys, strict=True)
        }
        keys |= {scan.path: self.digest(scan) for scan in splits.test}
        names = self.request.display_names
        note = SplitNote(
            splits,
            self.classes,
            keys,
            earlier=self.earlier,
            display_names=names,
            even_cells=self.even_cells,
        )
        others = {scan.path for scan in scans} - {scan.path for scan in note.scans}
        return replace(note, others=frozenset(others))

    def digest(self, scan: LabelledScan) -> str:
        """Return the SHA-256 of a scan, as noted by the run or of its file; "" if it cannot be read."""
        if key := self.keys.get(scan.path):
            return scan_digest(key)
        try:
            return sha256_of(scan.path)
        except OSError:  # unreadable scans are reported when they are measured
            return ""


def request_of(run: Path) -> TrainingRequest:
    """Return a run's training request from its work folder.

    Raises
    ------
    TrainingError
        The folder is not the work folder of a run.
    """
    try:
        text = (run / "request.json").read_text(encoding="utf-8")
        return TrainingRequest.from_json(json.loads(text))
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"Expected the work folder of a training run (with request.json), received {run}."
        ) from error


@dataclass(frozen=True)
class PartOfRun:
    """The validation scans or the test scans of a run.

    Attributes
    ----------
    trained
        The run's training scans; for test scans, also those of the data sets' training parts that
        were left out as copies of test scans.
    folders
        The run's data sets.
    words
        Description of the scans.
    is_test
        Whether the scans are test scans, not validation scans.
    fingerprint
        Fingerprint of the split as on a model's card; "" if the run has noted no split.
    """

    scans: list[LabelledScan]
    trained: list[LabelledScan]
    folders: list[Path]
    words: str
    is_test: bool
    fingerprint: str


def part_of_run(
    run: Path,
    say: Callable[[str], None],
    *,
    test: bool = False,
    go_on: Callable[[], None] = lambda: None,
) -> PartOfRun:
    """Return a run's validation scans, or its test scans, as far as their class is known.

    For a run without test scans, the validation scans are returned in either case. ``go_on`` is as in
    :func:`gather`.

    Raises
    ------
    TrainingError, DatasetError
        The folder is not the work folder of a run, or the run's scans are missing.
    """
    request = request_of(run)
    found = gather(request, go_on)
    splits = split(request, found, run, say).splits
    is_test = bool(test and splits.test)
    part = splits.test if is_test else splits.validation
    folders = [Path(folder) for folder in request.datasets]
    names = ", ".join(map(folder_name, folders))
    note = noted_split(run)
    trains = {scan.path for scan in splits.train}
    # For a test, copies anywhere in the training folder matter, whether trained on or not.
    left_out = [
        scan
        for scan in open_ones_train(found)
        if is_test and scan.split == "train" and scan.path not in trains
    ]
    # The note holds no patients, on which intervals are based. VOI windows are today's too, as for any
    # data set: runs of earlier versions noted none.
    now = {scan.path: scan for scan in found}
    return PartOfRun(
        scans=[_as_now(scan, now) for scan in part if scan.is_known],
        trained=[*(_as_now(scan, now) for scan in splits.train), *left_out],
        folders=folders,
        words=f"the {'test' if is_test else 'validation'} scans of {names}",
        is_test=is_test,
        fingerprint=fingerprint(note.digests()) if note else "",
    )


def _as_now(noted: LabelledScan, now: Mapping[Path, LabelledScan]) -> LabelledScan:
    """Return a noted scan with its current patient and window, if its data set still has the scan."""
    if (today := now.get(noted.path)) is None:
        return noted
    return replace(noted, patient=today.patient, window=today.window)


def gather(
    request: TrainingRequest, go_on: Callable[[], None] = lambda: None
) -> list[LabelledScan]:
    """List all scans of the data sets and the added folders, without those left out by the request.

    Each scan has the VOI window of its series, which also takes account of the scans left out.
    ``go_on`` is called now and then; it may raise to stop.

    Raises
    ------
    DatasetError, TrainingError
        A folder is missing or empty, or the class of an added folder is not known.
    """
    scans = [scan for folder in request.datasets for scan in read_dataset(Path(folder), go_on)]
    known = set(classes_of(scans))
    for folder, label in request.added:
        if not set(tidy_label(label).split("|")) <= known:
            raise TrainingError(
                f"Expected a class among {', '.join(sorted(known))} for the added folder "
                f"{folder}, received {label!r}."
            )
        scans += read_class_folder(Path(folder), label, go_on)
    scans = under_series_windows(scans, go_on)
    return without(scans, frozenset(Path(file) for file in request.left_out))


def split(
    request: TrainingRequest,
    scans: list[LabelledScan],
    work_folder: Path,
    say: Callable[[str], None],
    compared: Count = lambda _count: None,
) -> Material:
    """Split gathered scans under the request's protocol, or as noted by the run in the work folder.

    ``compared`` is called with the number of scans read for the comparison.

    Raises
    ------
    DatasetError
        A class has no scans left for training or validation.
    ModelPackError
        The model to fine-tune cannot be read.
    """
    known = architecture(request.architecture)
    parameters = replace(
        request.preprocessing,
        input_height=known.input_side,
        input_width=known.input_side,
        pixel_scaling=known.pixel_scaling,
    )
    note = noted_split(work_folder)
    named, classes = with_classes(request, scans, note)
    request_as_fitted = replace(named, preprocessing=parameters)
    cache = work_folder / "cache"
    if note is not None:
        for sentence in note.changes(scans):
            say(sentence)
        return Material(
            request_as_fitted,
            classes,
            note.splits,
            cache,
            note.keys,
            note.earlier,
            note.even_cells,
        )
    shown = card_for(named, classes).display_names
    if absent := without_scans(dict(zip(classes, shown, strict=True)), classes_of(scans)):
        say(absent)
    former = former_scans(request, scans, say)
    splits = make_splits(
        scans,
        trained=former.trained,
        protocol=request.protocol,
        validation_fraction=request.validation_fraction,
        test_fraction=request.test_fraction,
        seed=request.seed if request.split_seed is None else request.split_seed,
        say=say,
        compared=compared,
    )
    say(
        f"{counted(len(splits.train), 'scan')} for training, {len(splits.validation):,} for "
        f"validation, {len(splits.test):,} for the test."
    )
    return Material(
        request_as_fitted,
        classes,
        splits,
        cache,
        earlier=former.digests,
        even_cells=has_even_cells(request.weights),
    )


def _check_reached(asked: list[LabelledScan], kept: list[LabelledScan]) -> None:
    """Refuse to train on the rest of a data set of which many scans, or a whole class, are missing."""
    lost = {scan.path for scan in asked} - {scan.path for scan in kept}
    # Path.exists() raises if a network share does not answer.
    gone = [path for path in lost if not os.path.exists(path)]  # noqa: PTH110
    missing = known_classes(asked) - known_classes(kept)
    again = (
        "Nothing of a run in progress is lost: resume it afterwards (Resume in the window, --resume on "
        "the command line)."
    )
    if len(gone) > max(_FEW, _FEW_SHARE * len(asked)) or (gone and missing):
        sources = ", ".join(sorted({scan.source for scan in asked if scan.path in lost}))
        raise DatasetError(
            f"The data set cannot be reached any more: {len(gone):,} of {len(asked):,} scans are "
            f"missing (of {sources}). Connect the disk or the folder that holds them. {again}"
        )
    if missing:
        raise DatasetError(
            f"No scan of {', '.join(sorted(missing))} can be read. Check these files. {again}"
        )

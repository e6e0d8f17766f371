"""What a run trains on and chooses by: gathered, split, and preprocessed into its cache."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

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
from btgui.engine.errors import DatasetError, TrainingError
from btgui.engine.training_request import TrainingRequest
from btgui.engine.training_runs.start import without_scans
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
# More scans than these that are gone are no slip but a disk or a share that is not there.
_FEW, _FEW_SHARE = 5, 0.03


@dataclass(frozen=True, eq=False)
class Material:
    """A request's scans.

    ``request`` is the request with the preprocessing that its architecture needs, and with the
    names of the classes; ``classes`` may be more than there are scans of
    (:func:`training.scans.run_classes.with_classes`);
    ``cache`` is where preprocessed scans are kept; ``keys`` is what the cache knows those by
    that a run in the work folder began with; ``earlier`` are the SHA-256 of the scans that
    trained the model which the run goes on from.
    """

    request: TrainingRequest
    classes: tuple[str, ...]
    splits: Splits
    cache: Path
    keys: Mapping[Path, str] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()

    def preprocessed(
        self,
        scans: list[LabelledScan],
        say: Callable[[str], None],
        done: Count = lambda _count: None,
    ) -> CachedScans:
        """Return some of the scans preprocessed, with the masks of those that have one.

        ``done`` is called with how many are ready.

        Raises
        ------
        DatasetError
            Many of the scans, or all of some class, are gone or cannot be read.
        TrainingError
            As :func:`training.scans.cache.cache_scans`.
        """
        request = self.request
        folders = [Path(folder) for folder in request.datasets]
        # What is wrong with the table is said once, not again for the scans that choose.
        tell = say if scans is self.splits.train else lambda _sentence: None
        masks = read_masks(Path(request.masks), folders, tell) if request.masks else {}
        cached = cache_scans(scans, masks, request.preprocessing, self.cache, say, done, self.keys)
        _check_reached(scans, cached.scans)
        return cached

    def digests(self) -> dict[str, list[str]]:
        """Return the SHA-256 of the scans of each part, and "earlier" as a split's note does."""
        parts = {name: getattr(self.splits, name) for name in ("train", "validation", "test")}
        digests = {
            name: [digest for scan in part if (digest := self.digest(scan))]
            for name, part in parts.items()
        }
        return digests | earlier_beside(digests["train"], self.earlier)

    def noted(
        self, scans: list[LabelledScan], train: CachedScans, validation: CachedScans
    ) -> SplitNote:
        """Return the split as it was carried out, for the run's work folder.

        Parameters
        ----------
        scans
            All that :func:`gather` found.
        """
        splits = replace(self.splits, train=train.scans, validation=validation.scans)
        keys = {
            scan.path: key
            for part in (train, validation)
            for scan, key in zip(part.scans, part.keys, strict=True)
        }
        keys |= {scan.path: self.digest(scan) for scan in splits.test}
        names = self.request.display_names
        note = SplitNote(splits, self.classes, keys, earlier=self.earlier, display_names=names)
        others = {scan.path for scan in scans} - {scan.path for scan in note.scans}
        return replace(note, others=frozenset(others))

    def digest(self, scan: LabelledScan) -> str:
        """Return the SHA-256 of a scan, as the run noted it where it did; "" where it cannot be read."""
        if key := self.keys.get(scan.path):
            return scan_digest(key)
        try:
            return sha256_of(scan.path)
        except OSError:  # whoever measures on it names what cannot be read
            return ""


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


@dataclass(frozen=True)
class PartOfRun:
    """A run's scans that choose or test.

    Attributes
    ----------
    trained
        The scans that train it; beside test scans, also those that the data sets give to
        training and that were left out, since they copy a test scan.
    folders
        Its data sets.
    words
        Describe the scans.
    is_test
        Whether they were kept for the test; else they choose.
    fingerprint
        What the card of a model with this split holds; "" where the run noted none.
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
    """Return those scans of known class that choose a run's best epoch, or its test scans.

    A run that kept none for the test has those that choose. ``go_on`` is as in :func:`gather`.

    Raises
    ------
    TrainingError, DatasetError
        It is not the work folder of a run, or its scans are gone.
    """
    request = request_of(run)
    found = gather(request, go_on)
    splits = split(request, found, run, say).splits
    is_test = bool(test and splits.test)
    part = splits.test if is_test else splits.validation
    folders = [Path(folder) for folder in request.datasets]
    names = ", ".join(folder.name for folder in folders)
    note = noted_split(run)
    trains = {scan.path for scan in splits.train}
    # Of a test it matters what copies it anywhere in the training folder, trained on or not.
    left_out = [
        scan
        for scan in open_ones_train(found)
        if is_test and scan.split == "train" and scan.path not in trains
    ]
    # The note names no patients, and intervals are of patients. Windows are as they are now, as for
    # any data set: a run of an earlier version noted none.
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
    """Return a scan of a run's note with what its data set says today, where it still holds it."""
    if (today := now.get(noted.path)) is None:
        return noted
    return replace(noted, patient=today.patient, window=today.window)


def gather(
    request: TrainingRequest, go_on: Callable[[], None] = lambda: None
) -> list[LabelledScan]:
    """List all scans of the data sets and of the added folders but those that were left out.

    Each has the window of its series, to which those that were left out belong, too. ``go_on`` is
    called now and then; it may raise to stop.

    Raises
    ------
    DatasetError, TrainingError
        A folder is missing or empty, or an added class is not known.
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
    """Split gathered scans under the request's protocol, or as the run in the folder began.

    ``compared`` is called with how many have been read for comparing.

    Raises
    ------
    DatasetError
        A class is left without scans to train or to choose with.
    ModelPackError
        The model that the run goes on from cannot be read.
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
        return Material(request_as_fitted, classes, note.splits, cache, note.keys, note.earlier)
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
        f"{len(splits.train):,} scans train, {len(splits.validation):,} choose, "
        f"{len(splits.test):,} are kept for the test."
    )
    return Material(request_as_fitted, classes, splits, cache, earlier=former.digests)


def _check_reached(asked: list[LabelledScan], kept: list[LabelledScan]) -> None:
    """Tell a data set that has gone from one with a few bad files: nothing is trained on its rest."""
    lost = {scan.path for scan in asked} - {scan.path for scan in kept}
    # Path's own raises where a share does not answer.
    gone = [path for path in lost if not os.path.exists(path)]  # noqa: PTH110
    missing = known_classes(asked) - known_classes(kept)
    again = (
        "Nothing of a run that began is lost: then go on with it (Resume in the window, --resume on the "
        "command line)."
    )
    if len(gone) > max(_FEW, _FEW_SHARE * len(asked)) or (gone and missing):
        sources = ", ".join(sorted({scan.source for scan in asked if scan.path in lost}))
        raise DatasetError(
            f"The data set cannot be reached any more: {len(gone):,} of {len(asked):,} scans are "
            f"gone (of {sources}). Connect the disk or the folder that they lie on. {again}"
        )
    if missing:
        raise DatasetError(
            f"No scan of {', '.join(sorted(missing))} can be read. Check these files. {again}"
        )

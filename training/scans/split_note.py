"""The split of a run, noted once in its work folder and kept from then on.

A data set may change while a run is interrupted. After a new split, former training scans could become
validation scans; so a resumed run keeps the split that it began with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import TrainingError
from btgui.engine.scan import Window
from training.safe_writing import written_whole
from training.scans.scan_key import scan_digest
from training.scans.scan_record import earlier_beside
from training.scans.splits import Splits

_NAME = "split.json"
_PARTS = ("train", "validation", "test")
_COUNTS = ("left_out", "crossing", "learned")


@dataclass(frozen=True)
class SplitNote:
    """A run's split.

    Attributes
    ----------
    splits
        The scans that were readable when the run began, in their order then.
    classes
        The classes in the order of the network's outputs.
    keys
        Cache keys (:func:`training.scans.scan_key.scan_key`) by file; for test scans the SHA-256
        alone, and none for test scans that could not be read.
    others
        Files of the data sets that are not used in the run.
    earlier
        SHA-256 of the scans that trained the model which the run fine-tunes.
    display_names
        (class, display name), from the request and that model.
    even_cells
        Whether heatmaps are placed as if cells divided the input evenly, as those of that model are.
    """

    splits: Splits
    classes: tuple[str, ...]
    keys: Mapping[Path, str]
    others: frozenset[Path] = field(default_factory=frozenset)
    earlier: frozenset[str] = frozenset()
    display_names: tuple[tuple[str, str], ...] = ()
    even_cells: bool = False

    @property
    def scans(self) -> list[LabelledScan]:
        """All training, validation and test scans."""
        return [*self.splits.train, *self.splits.validation, *self.splits.test]

    def digests(self) -> dict[str, list[str]]:
        """Return the SHA-256 of the scans of each part, sorted so that their order reveals nothing.

        "earlier" has the scans that trained the fine-tuned model but are not training scans here.
        """
        parts = {
            part: sorted(
                scan_digest(key)
                for scan in getattr(self.splits, part)
                if (key := self.keys.get(scan.path, ""))
            )
            for part in _PARTS
        }
        return parts | earlier_beside(parts["train"], self.earlier)

    def changes(self, found: list[LabelledScan]) -> list[str]:
        """Return sentences on how the data set has changed since the run began."""
        now = {scan.path for scan in found}
        mine = {scan.path for scan in self.scans}
        sentences = []
        if new := len(now - mine - self.others):
            sentences.append(
                f"Added to the data set after this run began, and not used: {counted(new, 'scan')}."
            )
        if gone := len(mine - now):
            sentences.append(
                f"Not in the data set any more: {counted(gone, 'scan')} of this run, which continues "
                f"with their preprocessed copies."
            )
        return sentences


def note_split(work_folder: Path, note: SplitNote) -> None:
    """Write a run's split into its work folder.

    Raises
    ------
    TrainingError
        The disk is full or cannot be written.
    """
    content = {
        "classes": note.classes,
        **{name: getattr(note.splits, name) for name in _COUNTS},
        "others": sorted(map(str, note.others)),
        "earlier": sorted(note.earlier),
        "display_names": note.display_names,
        "even_cells": note.even_cells,
    } | {part: [_plain(scan, note.keys) for scan in getattr(note.splits, part)] for part in _PARTS}
    try:
        with written_whole(work_folder / _NAME) as stream:
            stream.write(json.dumps(content).encode())
    except OSError as error:
        raise TrainingError(
            f"{work_folder} cannot be written: {error.strerror or error}. Free some space there, "
            f"then resume the run (Resume in the window, --resume on the command line)."
        ) from error


def noted_split(work_folder: Path) -> SplitNote | None:
    """Return the split that a run began with; None if none is noted.

    Raises
    ------
    TrainingError
        The note cannot be understood.
    """
    file = work_folder / _NAME
    if not file.is_file():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        train, validation, test = ([_scan(values) for values in content[part]] for part in _PARTS)
        keys = {
            Path(values["path"]): str(values["key"])
            for part in _PARTS
            for values in content[part]
            if values["key"]
        }
        # Notes of earlier versions count all scans left out as one number.
        counts = [int(content.get(name, 0)) for name in _COUNTS]
        return SplitNote(
            Splits(train, validation, test, *counts),
            tuple(content["classes"]),
            keys,
            frozenset(map(Path, content["others"])),
            frozenset(content.get("earlier", ())),
            tuple((str(name), str(shown)) for name, shown in content.get("display_names", ())),
            # Runs of earlier versions place all heatmaps in this way.
            bool(content.get("even_cells", True)),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{file}, which records the training and validation scans of the run, cannot be read. "
            f"Restore it from a copy, or start a new run in another --work folder."
        ) from error


def forget_split(work_folder: Path) -> None:
    """Remove the noted split, as another run begins in the folder.

    Raises
    ------
    TrainingError
        The file is not the note of a run, so it may be the user's own, and is kept.
    """
    if noted_split(work_folder) is not None:
        (work_folder / _NAME).unlink(missing_ok=True)


def _plain(scan: LabelledScan, keys: Mapping[Path, str]) -> dict[str, Any]:
    # Patients are not noted: they serve the split alone and are stored nowhere.
    window = {"window": [scan.window.centre, scan.window.width]} if scan.window else {}
    return {
        "path": str(scan.path),
        "label": scan.label,
        "split": scan.split,
        "source": scan.source,
        "key": keys.get(scan.path, ""),
    } | window


def _scan(values: dict[str, Any]) -> LabelledScan:
    window = Window(*map(float, values["window"])) if "window" in values else None
    path, label, split, source = (values[name] for name in ("path", "label", "split", "source"))
    return LabelledScan(Path(path), label, split, source, window=window)

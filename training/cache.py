"""Preprocessed scans on disk, memory-mapped, so that memory does not grow with the data set.

What is cached is the denoised grey crop at the working size: augmentation of grey
values must come before the colormap.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset import LabelledScan
from btgui.engine.errors import BtguiError, TrainingError
from btgui.engine.preprocessing import PreprocessingParameters, crop_and_filter, find_head
from btgui.engine.scan_source import read_scan
from training.masks import mask_on_crop
from training.scan_store import FileFacts, NewRow, ScanStore

# Scans that are written together: what a kill can cost.
_TOGETHER = 64


class StoredPictures:
    """Some of a store's pictures, in an order of their own; each (side, side) uint8.

    Only those that are looked at are read.
    """

    def __init__(self, mapped: NDArray[np.uint8], rows: list[int]) -> None:
        self.mapped = mapped
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> NDArray[np.uint8]:
        picture: NDArray[np.uint8] = self.mapped[self._rows[index]]
        return picture

    def __iter__(self) -> Iterator[NDArray[np.uint8]]:
        return (self.mapped[row] for row in self._rows)


@dataclass(frozen=True, eq=False)
class CachedScans:
    """Scans ready for augmentation.

    Attributes
    ----------
    grey
        n pictures.
    masks
        n pictures, 0 or 255; zero where no outline is known.
    has_mask
        (n,) bool.
    scans
        The scans, in the same order; unreadable ones are absent.
    """

    grey: StoredPictures
    masks: StoredPictures
    has_mask: NDArray[np.bool_]
    scans: list[LabelledScan]


def cache_scans(
    scans: list[LabelledScan],
    masks: Mapping[Path, Path],
    parameters: PreprocessingParameters,
    folder: Path,
    say: Callable[[str], None],
    done: Callable[[int], None] = lambda _count: None,
) -> CachedScans:
    """Preprocess those scans that ``folder`` does not hold yet, and map them all.

    A scan is known by its content, its mask's, and the preprocessing parameters: more
    scans, another order or another place of the same files cost no work twice, and a call
    that was interrupted goes on where it was. An unreadable scan is reported and left out.

    Parameters
    ----------
    masks
        Scan file to mask file.
    done
        Called with how many scans are ready.

    Raises
    ------
    TrainingError
        The disk is too full for it, or the folder cannot be written.
    """
    store = ScanStore(folder / _key(parameters), parameters.working_size)
    maker = _Maker(store, masks, parameters)
    missing = [index for index, scan in enumerate(scans) if maker.find(scan) is None]
    problems: list[str] = []
    if missing:
        _check_room(folder, 2 * len(missing) * parameters.working_size**2)
        say(f"Preprocessing {len(missing):,} scans …")
    count = len(scans) - len(missing)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(missing), _TOGETHER):
            together = [scans[index] for index in missing[start : start + _TOGETHER]]
            problems += maker.keep(list(pool.map(maker.make, together)))
            count += len(together)
            done(count)
    for problem in problems:
        say(problem)
    rows = {index: maker.find(scan) for index, scan in enumerate(scans)}
    kept = {index: row for index, row in rows.items() if row is not None}
    grey, drawn = store.mapped()
    places = list(kept.values())
    return CachedScans(
        StoredPictures(grey, places),
        StoredPictures(drawn, places),
        np.array([scans[index].path.resolve() in masks for index in kept], bool),
        [scans[index] for index in kept],
    )


@dataclass(frozen=True, eq=False)
class _Made:
    """What came of one scan: a row (None where the store has it already), or a problem."""

    row: NewRow | None
    seen: dict[FileFacts, str]
    problem: str = ""


class _Maker:
    """Finds scans in a store, or makes what is to be kept there."""

    def __init__(
        self, store: ScanStore, masks: Mapping[Path, Path], parameters: PreprocessingParameters
    ) -> None:
        self._store, self._masks, self._parameters = store, masks, parameters
        self._rows, self._digests = store.rows(), store.digests()

    def find(self, scan: LabelledScan) -> int | None:
        """Return the scan's row, None where it is not known to be in the store."""
        digests = []
        for file in filter(None, (scan.path, self._masks.get(scan.path.resolve()))):
            try:
                digests.append(self._digests.get(FileFacts.of(file), ""))
            except OSError:
                return None
        return self._rows.get("+".join(digests))

    def make(self, scan: LabelledScan) -> _Made:
        """Read and preprocess a scan; safe on any thread."""
        seen: dict[FileFacts, str] = {}
        try:
            facts = FileFacts.of(scan.path)
            read = read_scan(scan.path)
            seen[facts] = key = read.sha256
            mask_file = self._masks.get(scan.path.resolve())
            if mask_file is not None:
                facts = FileFacts.of(mask_file)
                seen[facts] = hashlib.sha256(mask_file.read_bytes()).hexdigest()
                key = f"{key}+{seen[facts]}"
            if key in self._rows:
                return _Made(None, seen)
            box = find_head(read.grey, self._parameters).box
            grey = crop_and_filter(read.grey, box, self._parameters)
            side = self._parameters.working_size
            height, width = read.shape
            mask = mask_on_crop(mask_file, box, (height, width), side) if mask_file else None
        except BtguiError as error:
            return _Made(None, {}, str(error))
        except OSError as error:
            return _Made(None, {}, f"{scan.path.name} cannot be read ({error.strerror}).")
        return _Made(NewRow(key, grey, mask), seen)

    def keep(self, made: list[_Made]) -> list[str]:
        """Write to the store; return what was wrong with the others."""
        seen = {facts: digest for one in made for facts, digest in one.seen.items()}
        self._store.add([one.row for one in made if one.row is not None], seen)
        self._rows = self._store.rows()
        self._digests |= seen
        return [one.problem for one in made if one.problem]


def _check_room(folder: Path, needed: int) -> None:
    """Say at once, rather than after minutes of work, that a disk is too small."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise TrainingError(
            f"The cache of preprocessed scans needs {needed / 1e6:,.0f} MB in {folder}; "
            f"{free / 1e6:,.0f} MB are free. Free some space, or choose another folder for the run."
        )


def _key(parameters: PreprocessingParameters) -> str:
    text = json.dumps(parameters.to_json(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]

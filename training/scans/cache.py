"""Preprocessed scans on disk, memory-mapped, so that memory does not grow with the data set.

The cache holds the denoised grey crop at the working size, as the augmentation of grey levels must
come before the colour map.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import BtguiError, DatasetError, TrainingError
from btgui.engine.preprocessing import (
    PREPROCESSING_VERSION,
    CropBox,
    PreprocessingParameters,
    crop_and_filter,
    find_head,
)
from btgui.engine.studies.pictures_in_files import pictures_in
from training.scans.masks import mask_on_crop
from training.scans.scan_key import has_mask, scan_key
from training.scans.scan_store import FileFacts, NewRow, ScanStore

# Number of scans written together, which is what a kill can lose.
_TOGETHER = 64
_NAMED = 5
# Parameters applied after the cached crop.
_AFTER_THE_CROP = ("input_height", "input_width", "colormap", "pixel_scaling")
_NO_KEYS: Mapping[Path, str] = MappingProxyType({})


class StoredPictures:
    """A selection of a store's pictures in a given order; each (side, side) uint8.

    A picture is read from the disk only when it is accessed.
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

    def part(self, indices: list[int]) -> StoredPictures:
        """Return the pictures at the given indices, in that order."""
        return StoredPictures(self.mapped, [self._rows[index] for index in indices])


@dataclass(frozen=True, eq=False)
class CachedScans:
    """Scans ready for augmentation.

    Attributes
    ----------
    grey
        n pictures.
    masks
        n pictures, 0 or 255; all zero if no outline is known.
    has_mask
        (n,) bool.
    scans
        The scans, in the same order; unreadable ones are absent.
    keys
        The cache key of each scan (:func:`training.scans.scan_key.scan_key`).
    """

    grey: StoredPictures
    masks: StoredPictures
    has_mask: NDArray[np.bool_]
    scans: list[LabelledScan]
    keys: list[str]

    def part(self, indices: list[int]) -> CachedScans:
        """Return the scans at the given indices, in that order."""
        return CachedScans(
            self.grey.part(indices),
            self.masks.part(indices),
            self.has_mask[indices],
            [self.scans[index] for index in indices],
            [self.keys[index] for index in indices],
        )


def cache_scans(
    scans: list[LabelledScan],
    masks: Mapping[Path, Path],
    parameters: PreprocessingParameters,
    folder: Path,
    say: Callable[[str], None],
    done: Callable[[int], None] = lambda _count: None,
    keys: Mapping[Path, str] = _NO_KEYS,
) -> CachedScans:
    """Preprocess the scans that ``folder`` does not hold yet, and map all of them.

    A scan is identified by its content, its mask's content, the VOI window of its series, the
    parameters of crop and filter, and the versions of the code that computes these. So added scans,
    another order or moved files repeat no work, and an interrupted call continues where it stopped.
    Once a scan is in the cache, its file is not needed. Unreadable scans are left out, and a scan whose
    mask is unreadable is used without it; the numbers of both and the first five are reported. Of a file with several pictures (frames, pages, slices) the first
    is used, which is reported when it is preprocessed.

    Parameters
    ----------
    masks
        Mask files by scan file.
    done
        Called with the number of scans that are ready.
    keys
        Keys by scan file of scans that were cached before. They are used as they were then, and left
        out if they are not in the cache and have changed.

    Raises
    ------
    TrainingError
        The disk is too full, or the folder cannot be written.
    """
    store = ScanStore(folder / _key(parameters), parameters.working_size)
    maker = _Maker(store, masks, parameters, keys)
    found = [maker.find(scan) for scan in scans]
    missing = [index for index, key in enumerate(found) if not key]
    problems: list[str] = []
    several: list[str] = []
    unread: list[str] = []
    hollow: list[str] = []
    if missing:
        _check_room(folder, 2 * len(missing) * parameters.working_size**2)
        say(f"Preprocessing {counted(len(missing), 'scan')} …")
    count = len(scans) - len(missing)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(missing), _TOGETHER):
            together = missing[start : start + _TOGETHER]
            made = list(pool.map(maker.make, [scans[index] for index in together]))
            maker.keep(made)
            for index, one in zip(together, made, strict=True):
                found[index] = one.key
            problems += [one.problem for one in made if one.problem]
            several += [one.remark for one in made if one.remark]
            unread += [one.unread for one in made if one.unread]
            hollow += [one.hollow for one in made if one.hollow]
            count += len(together)
            done(count)
    _report_first(problems, "scans cannot be used and are left out", say)
    _report_first(several, "files hold several pictures, of which only the first is used", say)
    _report_first(unread, "outlines cannot be read: these scans train without outlines", say)
    _report_first(
        hollow, "outlines mark nothing on the head: these scans train without outlines", say
    )
    kept = [index for index, key in enumerate(found) if key]
    grey, drawn = store.mapped()
    places = [maker.rows[found[index]] for index in kept]
    return CachedScans(
        StoredPictures(grey, places),
        StoredPictures(drawn, places),
        np.array([has_mask(found[index]) for index in kept], bool),
        [scans[index] for index in kept],
        [found[index] for index in kept],
    )


def _report_first(sentences: list[str], together: str, say: Callable[[str], None]) -> None:
    """Report the first sentences and, if there are more, how many there are in all."""
    if len(sentences) > _NAMED:
        say(f"{len(sentences):,} {together}; the first {_NAMED}:")
    for sentence in sentences[:_NAMED]:
        say(sentence)


@dataclass(frozen=True, eq=False)
class _Made:
    """The result of preprocessing one scan.

    ``key`` is "" if there is a ``problem``, ``row`` None if the store has the scan already, ``seen``
    holds the digests of the files read. ``remark`` is a sentence if the file holds several pictures,
    ``unread`` one if the outline cannot be read, ``hollow`` one if it marks nothing; each is ""
    otherwise.
    """

    key: str
    row: NewRow | None
    seen: dict[FileFacts, str]
    problem: str = ""
    remark: str = ""
    unread: str = ""
    hollow: str = ""


@dataclass(frozen=True, eq=False)
class _Outline:
    """A scan's outline: the digest and the facts of its file, and its mask on the crop.

    Digest and mask are absent if the scan has none or it cannot be read. ``unread`` and ``hollow`` are
    as in :class:`_Made`.
    """

    digest: str = ""
    mask: NDArray[np.uint8] | None = None
    seen: dict[FileFacts, str] = field(default_factory=dict)
    unread: str = ""
    hollow: str = ""


class _Maker:
    """Finds scans in a store, and preprocesses those that are missing."""

    def __init__(
        self,
        store: ScanStore,
        masks: Mapping[Path, Path],
        parameters: PreprocessingParameters,
        keys: Mapping[Path, str],
    ) -> None:
        self._store, self._masks, self._parameters = store, masks, parameters
        self._keys = keys
        self.rows, self._digests = store.rows(), store.digests()

    def find(self, scan: LabelledScan) -> str:
        """Return the scan's key, or "" if the scan is not known to be in the store."""
        key = self._keys.get(scan.path) or self._key_by_files(scan)
        return key if key in self.rows else ""

    def _key_by_files(self, scan: LabelledScan) -> str:
        digests = []
        for file in filter(None, (scan.path, self._masks.get(scan.path.resolve()))):
            try:
                digests.append(self._digests.get(FileFacts.of(file), ""))
            except OSError:
                return ""
        return scan_key(*digests, window=scan.window) if all(digests) else ""

    def make(self, scan: LabelledScan) -> _Made:
        """Read and preprocess a scan; safe on any thread."""
        try:
            return self._make(scan)
        except BtguiError as error:
            return _Made("", None, {}, str(error))
        except OSError as error:
            return _Made("", None, {}, f"{scan.path.name} cannot be read ({error.strerror}).")

    def _make(self, scan: LabelledScan) -> _Made:
        facts = FileFacts.of(scan.path)
        read = scan.read()
        box = find_head(read.grey, self._parameters).box
        outline = self._outline(scan, box, (read.shape[0], read.shape[1]))
        key = scan_key(read.sha256, outline.digest, window=scan.window)
        made = _Made(
            key,
            None,
            {facts: read.sha256} | outline.seen,
            unread=outline.unread,
            hollow=outline.hollow,
        )
        if key != self._keys.get(scan.path, key):
            problem = f"{scan.path.name} has changed since the run began."
            return replace(made, key="", problem=problem)
        if key in self.rows:
            return made
        grey = crop_and_filter(read.grey, box, self._parameters)
        row = NewRow(key, grey, outline.mask)
        return replace(made, row=row, remark=first_of_several(scan.path))

    def _outline(self, scan: LabelledScan, box: CropBox, shape: tuple[int, int]) -> _Outline:
        """Read a scan's outline. One that cannot be read is no fault of the scan, which is kept."""
        if (file := self._masks.get(scan.path.resolve())) is None:
            return _Outline()
        try:
            facts = FileFacts.of(file)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            mask = mask_on_crop(file, box, shape, self._parameters.working_size)
        except DatasetError as error:
            return _Outline(unread=f"{error} {scan.path.name} is used without an outline.")
        except OSError as error:
            return _Outline(
                unread=f"The tumour mask {file.name} cannot be read ({error.strerror}). "
                f"{scan.path.name} is used without an outline."
            )
        hollow = f"The outline {file.name} marks nothing on the head in {scan.path.name}."
        return _Outline(digest, mask, {facts: digest}, hollow="" if mask.any() else hollow)

    def keep(self, made: list[_Made]) -> None:
        """Write preprocessed scans to the store."""
        seen = {facts: digest for one in made for facts, digest in one.seen.items()}
        self.rows |= self._store.add([one.row for one in made if one.row is not None], seen)
        self._digests |= seen


def first_of_several(file: Path) -> str:
    """Return a sentence on a file with several pictures, of which only the first is used; else ""."""
    count = len(pictures_in([file]))
    if count == 1:
        return ""
    return (
        f"{file.name} holds {count:,} pictures; only the first is used. Save the pictures that show "
        f"the class as separate files."
    )


def _check_room(folder: Path, needed: int) -> None:
    """Check for free disk space before minutes of work."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise TrainingError(
            f"The cache of preprocessed scans needs {needed / 1e6:,.0f} MB in {folder}; "
            f"{free / 1e6:,.0f} MB are free. Free some space, or choose another folder for the run."
        )


def _key(parameters: PreprocessingParameters) -> str:
    """Return a digest of all that determines a crop's pixels: parameters, code and OpenCV version."""
    values = parameters.to_json()
    for name in _AFTER_THE_CROP:
        del values[name]
    opencv = cv2.__version__.split(".")[:2]
    text = json.dumps([values, PREPROCESSING_VERSION, opencv], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]

"""Preprocessed scans on disk, memory-mapped, so that memory does not grow with the data set.

What is cached is the denoised grey crop at the working size: augmentation of grey
values must come before the colormap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset import LabelledScan
from btgui.engine.errors import BtguiError
from btgui.engine.preprocessing import PreprocessingParameters, crop_and_filter, find_head
from btgui.engine.scan_source import read_scan
from training.masks import mask_on_crop


@dataclass(frozen=True)
class CachedScans:
    """Scans ready for augmentation.

    Attributes
    ----------
    grey
        (n, size, size) uint8, memory-mapped.
    masks
        (n, size, size) uint8, 0 or 255, memory-mapped; zero where no outline is known.
    has_mask
        (n,) bool.
    scans
        The scans, in the same order; unreadable ones are absent.
    """

    grey: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    has_mask: NDArray[np.bool_]
    scans: list[LabelledScan]


def cache_scans(
    scans: list[LabelledScan],
    masks: Mapping[Path, Path],
    parameters: PreprocessingParameters,
    folder: Path,
    say: Callable[[str], None],
) -> CachedScans:
    """Preprocess scans into ``folder`` once; later calls with the same content map it again.

    The key covers every scan's and mask's path, size and modification time and the
    preprocessing parameters. An unreadable scan is reported and left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / _key(scans, masks, parameters)
    done, count = stem.with_suffix(".json"), len(scans)
    size = parameters.working_size
    shape = (count, size, size)
    if not done.is_file():
        grey = np.lib.format.open_memmap(
            stem.with_suffix(".grey.npy"), mode="w+", dtype=np.uint8, shape=shape
        )
        drawn = np.lib.format.open_memmap(
            stem.with_suffix(".mask.npy"), mode="w+", dtype=np.uint8, shape=shape
        )

        def fill(index: int) -> str:
            scan = scans[index]
            try:
                picture = read_scan(scan.path).grey
                box = find_head(picture, parameters).box
                grey[index] = crop_and_filter(picture, box, parameters)
                mask_file = masks.get(scan.path.resolve())
                if mask_file is not None:
                    height, width = picture.shape
                    drawn[index] = mask_on_crop(mask_file, box, (height, width), size)
            except BtguiError as error:
                return str(error)
            return ""

        say(f"Preprocessing {count} scans …")
        with ThreadPoolExecutor() as pool:
            problems = list(pool.map(fill, range(count)))
        grey.flush()
        drawn.flush()
        # Written last: a cache without it is unfinished and is made again.
        done.write_text(json.dumps(problems), encoding="utf-8")
    problems = json.loads(done.read_text(encoding="utf-8"))
    for problem in filter(None, problems):
        say(problem)
    grey = np.load(stem.with_suffix(".grey.npy"), mmap_mode="r")
    drawn = np.load(stem.with_suffix(".mask.npy"), mmap_mode="r")
    has_mask = np.array([scan.path.resolve() in masks for scan in scans], bool)
    kept = [index for index, problem in enumerate(problems) if not problem]
    if len(kept) < count:
        grey, drawn, has_mask = grey[kept], drawn[kept], has_mask[kept]
    return CachedScans(grey, drawn, has_mask, [scans[index] for index in kept])


def _key(
    scans: list[LabelledScan], masks: Mapping[Path, Path], parameters: PreprocessingParameters
) -> str:
    digest = hashlib.sha256(json.dumps(parameters.to_json(), sort_keys=True).encode())
    for scan in scans:
        for file in filter(None, (scan.path, masks.get(scan.path.resolve()))):
            facts = file.stat()
            digest.update(f"{file}|{facts.st_size}|{facts.st_mtime_ns}|".encode())
        digest.update(b"\n")
    return digest.hexdigest()[:24]

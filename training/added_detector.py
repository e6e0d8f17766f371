"""Adds a novelty detector to a model that was made without one, from the scans that trained it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from btgui.engine.models.pack import MODEL_FILE, ModelPack, write_pack
from btgui.engine.models.prototypes import PROTOTYPES_FILE, write_prototypes
from btgui.engine.novelty import features_of
from btgui.engine.preprocessing import preprocess
from training.fitting.prototypes import MOST_SCANS, detector_of
from training.scans.scan_record import digests_of, read_record

_BATCH = 32
_FEWEST = 0.9  # of the scans that the model records


def parts_of(pack: ModelPack, scans: list[LabelledScan]) -> dict[str, list[LabelledScan]]:
    """Return those of the scans that trained a model ("train") and that chose it ("validation").

    Training scans are a random sample of at most 4,000, the same each time.

    Raises
    ------
    DatasetError
        The model does not record its scans, or more than a tenth of them is missing.
    """
    record = read_record(pack)
    contents = digests_of(scans)
    parts = {}
    for part, words in (("train", "training"), ("validation", "validation")):
        digests = record.get(part, frozenset())
        if not digests:
            raise DatasetError(
                f"{pack.card.name} does not record which scans trained it and which chose it: no "
                f"novelty detector can be made for it. Train a new model."
            )
        found = [scan for scan, content in zip(scans, contents, strict=True) if content in digests]
        there = len(digests.intersection(contents))  # not of ``found``, which may hold copies
        if there < _FEWEST * len(digests):
            raise DatasetError(
                f"Expected the {counted(len(digests), f'{words} scan')} that "
                f"{pack.card.name} records, found {there:,} of them. Name all folders that the model "
                f"was trained on."
            )
        parts[part] = found
    mixed = np.random.default_rng(pack.card.seed).permutation(len(parts["train"]))
    parts["train"] = [parts["train"][place] for place in np.sort(mixed[:MOST_SCANS])]
    return parts


def add_detector(
    pack: ModelPack,
    parts: dict[str, list[LabelledScan]],
    output: Path,
    done: Callable[[int], None] = lambda _count: None,
) -> ModelPack:
    """Write a copy of a pack with a novelty detector; everything else stays.

    Parameters
    ----------
    parts
        As :func:`parts_of` returns them.
    done
        Called with how many scans have been read; may raise to stop.

    Raises
    ------
    ScanError
        A scan cannot be read.
    ModelPackError
        The output exists already or cannot be written.
    """
    analyser = Analyser(pack)
    count = len(parts["train"])
    train = _features(analyser, parts["train"], done)
    chosen = _features(analyser, parts["validation"], lambda read: done(count + read))
    detector = detector_of(train, chosen, pack.card.seed)
    card = replace(pack.card, novelty_limit=detector.limit)
    kept = [name for name in card.files if name not in {MODEL_FILE, PROTOTYPES_FILE}]
    with tempfile.TemporaryDirectory() as folder:
        file = write_prototypes(Path(folder), detector.prototypes)
        others = (*(pack.folder / name for name in kept), file)
        return write_pack(output, card, pack.model_file, others)


def _features(
    analyser: Analyser, scans: list[LabelledScan], done: Callable[[int], None]
) -> NDArray[np.float32]:
    parameters = analyser.pack.card.preprocessing
    parts = []
    for first in range(0, len(scans), _BATCH):
        batch = [scan.read() for scan in scans[first : first + _BATCH]]
        inputs = np.stack([preprocess(scan.grey, parameters).network_input for scan in batch])
        with analyser.alone() as runtime:
            parts.append(features_of(runtime.outputs(inputs).stage_means))
        done(first + len(batch))
    return np.concatenate(parts)

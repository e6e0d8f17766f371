"""A model's record of its training, validation, test and calibration scans, as digests."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.disk.files import sha256_of
from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import SCANS_FILE, ModelPack, open_pack
from btgui.engine.training_runs.start import model_folder

# Part with the scans that trained only the models before this one in a line of fine-tuning.
EARLIER = "earlier"
# Record of the scans used for calibration. It is a file of its own, as the training scans may not be
# recorded.
CALIBRATION_FILE = "calibration.json.gz"
_CALIBRATED = "calibrated"
# Enough for three million scans. A pack may come from anybody: a longer record is truncated and then
# no valid JSON.
_MOST_BYTES = 256 * 2**20
# Errors raised for bytes that are no archive or no valid JSON.
_DAMAGE = (OSError, EOFError, zlib.error, ValueError, RecursionError)


def write_record(
    folder: Path, digests: Mapping[str, Iterable[str]], name: str = SCANS_FILE
) -> tuple[Path, ...]:
    """Write the SHA-256 of the scans of each part into a folder, unless there are none."""
    if not digests:
        return ()
    file = folder / name
    text = json.dumps({part: sorted(of_part) for part, of_part in digests.items()})
    file.write_bytes(gzip.compress(text.encode(), mtime=0))  # the same scans give the same file
    return (file,)


def read_record(pack: ModelPack, name: str = SCANS_FILE) -> dict[str, frozenset[str]]:
    """Return the SHA-256 of the scans of each part; empty if the pack has no record.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    if name not in pack.card.files:
        return {}
    file = pack.folder / name
    try:
        with gzip.open(file) as stream:
            content = stream.read(_MOST_BYTES)
        return {str(part): frozenset(map(str, of)) for part, of in json.loads(content).items()}
    except (*_DAMAGE, AttributeError, TypeError) as error:
        raise ModelPackError(
            f"Expected in {file} a record of the scans that trained or calibrated {pack.card.name}, received "
            f"something else ({error}). Add the model again, or use another."
        ) from error


def trained_by(pack: ModelPack) -> frozenset[str] | None:
    """Return the SHA-256 of all scans that trained a model or the models that it was fine-tuned from.

    None if they are not recorded.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    record = read_record(pack)
    return record["train"] | record.get(EARLIER, frozenset()) if "train" in record else None


def chosen_by(pack: ModelPack) -> frozenset[str]:
    """Return the SHA-256 of a model's validation scans, as far as recorded.

    They chose its best epoch or, for an average, that it is better than its models; its temperature
    and class biases were fitted to them.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    return read_record(pack).get("validation", frozenset())


def kept_for_test(pack: ModelPack) -> frozenset[str]:
    """Return the SHA-256 of the scans that a model's run kept for the test, as far as recorded.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    return read_record(pack).get("test", frozenset())


def calibrated_on(pack: ModelPack) -> frozenset[str]:
    """Return the SHA-256 of the scans that a model was recalibrated on, as far as recorded.

    Raises
    ------
    ModelPackError
        The record is damaged.
    """
    return read_record(pack, CALIBRATION_FILE).get(_CALIBRATED, frozenset())


def note_calibration(pack: ModelPack, scans: list[LabelledScan], folder: Path) -> Path:
    """Write the calibration record of a pack, extended by the given scans, into a folder."""
    digests = calibrated_on(pack).union(filter(None, digests_of(scans)))
    (file,) = write_record(folder, {_CALIBRATED: digests}, CALIBRATION_FILE)
    return file


def earlier_beside(train: Iterable[str], earlier: frozenset[str]) -> dict[str, list[str]]:
    """Return the :data:`EARLIER` part of a record: earlier scans that are not training scans."""
    others = sorted(earlier.difference(train))
    return {EARLIER: others} if others else {}


def start_of(weights: str) -> ModelPack | None:
    """Return the model to fine-tune; None if the initial weights are not a model pack.

    Raises
    ------
    ModelPackError
        The folder is not a valid model pack.
    """
    start = model_folder(weights)
    return None if start is None else open_pack(start)


def among(scans: list[LabelledScan], digests: frozenset[str]) -> NDArray[np.bool_]:
    """Return which scans have one of the SHA-256 digests; (n,). Unreadable scans have none."""
    if not digests:
        return np.zeros(len(scans), bool)
    return np.array([digest in digests for digest in digests_of(scans)], bool)


def digests_of(scans: list[LabelledScan]) -> list[str]:
    """Return the SHA-256 of each scan; "" for an unreadable one."""

    def digest(scan: LabelledScan) -> str:
        try:
            return sha256_of(scan.path)
        except OSError:  # reported when the scan is preprocessed
            return ""

    with ThreadPoolExecutor() as pool:
        return list(pool.map(digest, scans))

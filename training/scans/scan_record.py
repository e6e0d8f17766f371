"""Which scans a model was trained on, chosen by, tested and calibrated with: noted by digest."""

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

# Digests of the scans that trained the models which this one went on from, but not itself.
EARLIER = "earlier"
# Of the scans that a calibration fitted the temperature to: another file, since what trained a
# model may be known or not.
CALIBRATION_FILE = "calibration.json.gz"
_CALIBRATED = "calibrated"
# Of three million scans. A pack may come from anybody: what is longer is cut, and no JSON then.
_MOST_BYTES = 256 * 2**20
# What bytes end in that are no archive, or no JSON that can be read.
_DAMAGE = (OSError, EOFError, zlib.error, ValueError, RecursionError)


def write_record(
    folder: Path, digests: Mapping[str, Iterable[str]], name: str = SCANS_FILE
) -> tuple[Path, ...]:
    """Write the SHA-256 of the scans of each part into a folder; nothing where none are known."""
    if not digests:
        return ()
    file = folder / name
    text = json.dumps({part: sorted(of_part) for part, of_part in digests.items()})
    file.write_bytes(gzip.compress(text.encode(), mtime=0))  # the same scans, the same file
    return (file,)


def read_record(pack: ModelPack, name: str = SCANS_FILE) -> dict[str, frozenset[str]]:
    """Return the SHA-256 of the scans of each part; empty where the pack notes none.

    Raises
    ------
    ModelPackError
        The record is spoilt.
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
            f"Expected in {file} which scans trained or calibrated {pack.card.name}, received something else "
            f"({error}). Add the model again, or take another."
        ) from error


def trained_by(pack: ModelPack) -> frozenset[str] | None:
    """Return the SHA-256 of all scans that trained a model, or one that it went on from.

    None where it is not recorded.

    Raises
    ------
    ModelPackError
        The record is spoilt.
    """
    record = read_record(pack)
    return record["train"] | record.get(EARLIER, frozenset()) if "train" in record else None


def calibrated_on(pack: ModelPack) -> frozenset[str]:
    """Return the SHA-256 of the scans that calibrations of a model were fitted to, as far as noted.

    Raises
    ------
    ModelPackError
        The record is spoilt.
    """
    return read_record(pack, CALIBRATION_FILE).get(_CALIBRATED, frozenset())


def note_calibration(pack: ModelPack, scans: list[LabelledScan], folder: Path) -> Path:
    """Write into a folder what a copy of a pack notes that is fitted to further scans."""
    digests = calibrated_on(pack).union(filter(None, _digests_of(scans)))
    (file,) = write_record(folder, {_CALIBRATED: digests}, CALIBRATION_FILE)
    return file


def earlier_beside(train: Iterable[str], earlier: frozenset[str]) -> dict[str, list[str]]:
    """Return the part of a record that names the scans which trained only what came before."""
    others = sorted(earlier.difference(train))
    return {EARLIER: others} if others else {}


def start_of(weights: str) -> ModelPack | None:
    """Return the model that a training goes on from; None where it begins with other weights.

    Raises
    ------
    ModelPackError
        The folder is no model pack.
    """
    start = model_folder(weights)
    return None if start is None else open_pack(start)


def among(scans: list[LabelledScan], digests: frozenset[str]) -> NDArray[np.bool_]:
    """Return which scans have one of these SHA-256; (n,). One that cannot be read has none."""
    if not digests:
        return np.zeros(len(scans), bool)
    return np.array([digest in digests for digest in _digests_of(scans)], bool)


def _digests_of(scans: list[LabelledScan]) -> list[str]:
    """Return the SHA-256 of each scan; "" of one that cannot be read."""

    def digest(scan: LabelledScan) -> str:
        try:
            return sha256_of(scan.path)
        except OSError:  # told where the scan is preprocessed
            return ""

    with ThreadPoolExecutor() as pool:
        return list(pool.map(digest, scans))

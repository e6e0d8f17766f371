"""The prototypes of a pack, by which it recognises scans unlike its training scans."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.novelty import NoveltyDetector

PROTOTYPES_FILE = "prototypes.npy"
# A pack may come from anybody. The stages of the widest of the six networks have some 9,000 channels.
_MOST_PROTOTYPES, _MOST_FEATURES = 1000, 50_000
_MATRIX = 2  # dimensions


def write_prototypes(folder: Path, prototypes: NDArray[np.floating]) -> Path:
    """Write (k, d) prototypes into a folder, in half precision; return the file."""
    file = folder / PROTOTYPES_FILE
    np.save(file, prototypes.astype(np.float16), allow_pickle=False)
    return file


def read_detector(folder: Path, card: ModelCard) -> NoveltyDetector | None:
    """Return the novelty detector in a pack's folder; None for a model made without one.

    Raises
    ------
    ModelPackError
        The prototypes are missing or damaged.
    """
    limit = card.novelty_limit
    if limit is None:
        return None
    try:
        stored = _mapped(folder / PROTOTYPES_FILE)
        _check(stored)
        prototypes = stored.astype(np.float32)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        raise ModelPackError(
            f"{PROTOTYPES_FILE} of {card.name} cannot be used: {reason}. Obtain a new copy of the "
            f"model."
        ) from error
    return NoveltyDetector(prototypes, limit)


def _mapped(file: Path) -> NDArray[np.generic]:
    """Return a file's array without reading it: a header may promise more than the file holds."""
    try:
        return np.lib.format.open_memmap(file, mode="r")
    except OSError:
        raise
    except Exception as error:  # a damaged header raises many types of exception
        raise ValueError("expected a NumPy array") from error


def _check(stored: NDArray[np.generic]) -> None:
    if stored.ndim != _MATRIX or stored.dtype != np.float16:
        raise ValueError(
            f"expected a matrix of half-precision numbers, received {stored.dtype} of the shape "
            f"{stored.shape}"
        )
    count, width = stored.shape
    if not (0 < count <= _MOST_PROTOTYPES and 0 < width <= _MOST_FEATURES):
        raise ValueError(
            f"expected at most {_MOST_PROTOTYPES:,} prototypes of {_MOST_FEATURES:,} features, "
            f"received {count:,} of {width:,}"
        )
    if not np.isfinite(stored).all():
        raise ValueError("expected finite numbers")

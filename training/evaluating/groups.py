"""Groupings of a test's scans: by copies of training scans, plane, source and file name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from training.grouping.copies import COPY_CORRELATION, NEAR_CORRELATION, find_copies, signatures
from training.scans.masks import read_image_column

Groups = dict[str, NDArray[np.bool_]]
COPIES = "copies of training scans"


def by_copies(
    tested: list[LabelledScan],
    trained: list[LabelledScan],
    done: Callable[[int], None] = lambda _count: None,
) -> Groups:
    """Group the tested scans by their similarity to the most similar training scan.

    :data:`COPIES` correlate at 0.97 or more in one of eight orientations, "near copies" at
    0.93 (often a neighbouring slice of the same patient), "others" less.

    ``done`` is called with the number of scans of both lists read so far; it may raise to stop.
    """
    thumbnails = signatures([*tested, *trained], done)
    of_tested, of_trained = np.split(thumbnails, [len(tested)])
    most = np.zeros(len(tested))
    for pair in find_copies(of_tested, of_trained, NEAR_CORRELATION):
        most[pair.first] = max(most[pair.first], pair.similarity)
    return {
        COPIES: most >= COPY_CORRELATION,
        "near copies": (most >= NEAR_CORRELATION) & (most < COPY_CORRELATION),
        "others": most < NEAR_CORRELATION,
    }


def by_novelty(novelty: NDArray[np.float64] | None) -> Groups:
    """Group the scans by whether the model finds them unlike its training scans.

    Empty for a model that cannot tell, whose ``novelty`` is None.
    """
    if novelty is None:
        return {}
    return {"like the training scans": novelty <= 1, "unlike the training scans": novelty > 1}


def by_source(tested: list[LabelledScan]) -> Groups:
    """Group the scans by the folder that they come from."""
    return _parts(tested, lambda scan: scan.source)


def by_collection(tested: list[LabelledScan]) -> Groups:
    """Group the scans by collection; empty if there is only one, or if each is one folder.

    Figures on tumour or no tumour need both kinds of scan, which folders of one class lack.
    """
    parts = _parts(tested, lambda scan: scan.collection)
    folders = {scan.source for scan in tested}
    return parts if 1 < len(parts) < len(folders) else {}


def by_name(tested: list[LabelledScan], pattern: str) -> Groups:
    """Group the scans by what a regular expression finds in their names (:func:`found_in_name`).

    Scans in whose name it finds nothing are in no group.
    """
    return _parts(tested, found_in_name(pattern))


def found_in_name(pattern: str) -> Callable[[LabelledScan], str]:
    """Return a function that returns what a pattern's group matches in a scan's file name, or "".

    Parameters
    ----------
    pattern
        Regular expression with one group, such as ``_(T1C|T1|T2)_`` for sequences.

    Raises
    ------
    DatasetError
        The pattern is not a regular expression with one group.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise DatasetError(f"{pattern!r} is not a regular expression: {error}.") from error
    if compiled.groups != 1:
        raise DatasetError(
            f"Expected a regular expression with one group in parentheses, received {pattern!r}."
        )

    def found(scan: LabelledScan) -> str:
        match = compiled.search(scan.path.name)
        return (match.group(1) or "") if match else ""

    return found


def by_plane(tested: list[LabelledScan], table: Path, datasets: Sequence[Path]) -> Groups:
    """Group the scans by the ``plane`` that a table gives for each ``image``.

    Raises
    ------
    DatasetError
        The table is not usable, as in :func:`training.scans.masks.read_image_column`.
    """
    rows = read_image_column(table, "plane", datasets)
    planes = {scan: plane for scan, plane in rows if scan is not None}
    return _parts(tested, lambda scan: planes.get(scan.path.resolve(), ""))


def _parts(tested: list[LabelledScan], name_of: Callable[[LabelledScan], str]) -> Groups:
    names = np.array([name_of(scan) for scan in tested])
    return {str(name): names == name for name in sorted(set(names.tolist()) - {""})}

"""Data sets that share scans, which would count twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError


def check_disjoint(places: Sequence[Path], scans: Sequence[LabelledScan]) -> None:
    """Refuse data sets that share scans, as where one is named twice or holds the other.

    Parameters
    ----------
    scans
        Those of all the data sets that count.

    Raises
    ------
    DatasetError
        It says which data set, or how many scans.
    """
    if repeated := _twice([place.resolve() for place in places]):
        raise DatasetError(
            f"{repeated[0]} is named twice: its scans would count twice. Name it once."
        )
    # One data set lists no file twice. Links of folders are followed, folder by folder: to follow
    # each file's takes long on a network drive.
    folders = {scan.path.parent for scan in scans} if len(places) > 1 else set()
    real = {folder: folder.resolve() for folder in folders}
    if real and (repeated := _twice([real[one.path.parent] / one.path.name for one in scans])):
        raise DatasetError(
            f"{len(repeated):,} scans are in more than one of {', '.join(map(str, places))}, such as "
            f"{repeated[0]}: they would count twice. Name data sets that share no scans."
        )


def _twice(files: Sequence[Path]) -> list[Path]:
    return [file for file, times in Counter(files).items() if times > 1]

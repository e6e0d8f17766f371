"""Check for data sets that share scans, which would count twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError


def check_disjoint(places: Sequence[Path], scans: Sequence[LabelledScan]) -> None:
    """Refuse data sets that share scans, for example if one is named twice or contains the other.

    Parameters
    ----------
    scans
        The scans used of all the data sets.

    Raises
    ------
    DatasetError
        A data set is named twice, or scans are in several data sets.
    """
    if repeated := _twice([place.resolve() for place in places]):
        raise DatasetError(
            f"{repeated[0]} is named twice: its scans would count twice. Name it once."
        )
    # A single data set lists no file twice. Links are resolved by folder, as resolving every file
    # takes long on a network drive.
    folders = {scan.path.parent for scan in scans} if len(places) > 1 else set()
    real = {folder: folder.resolve() for folder in folders}
    if real and (repeated := _twice([real[one.path.parent] / one.path.name for one in scans])):
        raise DatasetError(
            f"{len(repeated):,} scans are in more than one of {', '.join(map(str, places))}, such as "
            f"{repeated[0]}: they would count twice. Name data sets that share no scans."
        )


def _twice(files: Sequence[Path]) -> list[Path]:
    return [file for file, times in Counter(files).items() if times > 1]

"""Reading of the scans for an audit, each once, several in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import ScanError
from training.auditing.appearance import mode_of
from training.auditing.shortcuts import cheap_features
from training.control import Control
from training.event_output import Reporter, begin
from training.grouping.copies import thumbnail
from training.scans.cache import first_of_several


@dataclass(frozen=True, eq=False)
class Fact:
    """What the audit keeps of a readable scan.

    ``size`` is (width, height), ``mode`` the text of :func:`training.auditing.appearance.mode_of`,
    ``thumbnail`` the (4096,) uint8 that :mod:`training.grouping.copies` compares, ``features``
    those of :mod:`training.auditing.shortcuts`, and ``remark`` a sentence if the file holds several
    pictures, else "".
    """

    scan: LabelledScan
    sha256: str
    size: tuple[int, int]
    mode: str
    file_format: str
    thumbnail: NDArray[np.uint8]
    features: NDArray[np.float32]
    remark: str


def read_facts(
    scans: list[LabelledScan], reporter: Reporter, control: Control
) -> tuple[list[Fact], list[tuple[str, str]]]:
    """Read every scan; return the facts, and (path, reason) of each scan that cannot be read.

    Raises
    ------
    Cancelled
        ``control`` has received a stop command.
    """

    def look(labelled: LabelledScan) -> Fact | str:
        control.raise_if_stop_wanted()
        try:
            scan = labelled.read()
            mode = mode_of(scan)
        except (ScanError, OSError) as error:  # OSError: the file has vanished since it was read
            return str(error)
        small = thumbnail(scan.grey)
        return Fact(
            labelled,
            scan.sha256,
            (scan.shape[1], scan.shape[0]),
            mode,
            scan.file_format,
            small.ravel(),
            cheap_features(scan, small),
            first_of_several(labelled.path),
        )

    facts: list[Fact] = []
    unreadable: list[tuple[str, str]] = []
    count = begin(reporter, "reading", len(scans))
    with ThreadPoolExecutor() as pool:
        for done, (scan, found) in enumerate(zip(scans, pool.map(look, scans), strict=True), 1):
            if isinstance(found, Fact):
                facts.append(found)
            else:
                unreadable.append((str(scan.path), found))
            count(done)
    return facts, unreadable

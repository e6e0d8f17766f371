"""Measurement of prediction times on this computer (the published framework's Table 6)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import ScanError

_TIMED = 100  # scans at most


@dataclass(frozen=True)
class PredictionTimes:
    """Milliseconds per scan, from decoded image to probabilities, in batches of one."""

    count: int
    minimum: float
    mean: float
    median: float
    percentile_95: float
    maximum: float


def time_in_turns(
    analysers: Sequence[Analyser], scans: Sequence[LabelledScan]
) -> list[PredictionTimes]:
    """Time up to a hundred single predictions of each model, spread evenly over the given scans.

    The models take turns, scan by scan, so that other load on the computer affects all of them
    alike. There is a warm-up, and decoding of files is not included, as it depends on the disk and not
    on the model.

    Raises
    ------
    ScanError
        None of the chosen scans can be read.
    """
    for analyser in analysers:
        analyser.runtime.warm_up()
    count = min(_TIMED, len(scans))
    chosen = [scans[i] for i in np.linspace(0, len(scans) - 1, count).astype(int)]
    taken: list[list[float]] = [[] for _ in analysers]
    for turn, labelled in enumerate(chosen):
        try:
            scan = labelled.read()
        except ScanError:
            continue  # the evaluation reports unreadable files
        for place in range(len(analysers)):
            who = (place + turn) % len(analysers)  # no model is always the first
            start = time.perf_counter()
            analysers[who].classify(scan)
            taken[who].append((time.perf_counter() - start) * 1000)
    if not all(taken):
        raise ScanError("None of the scans can be read, so predictions cannot be timed.")
    return [summarise_times(np.array(one)) for one in taken]


def summarise_times(milliseconds: NDArray[np.float64]) -> PredictionTimes:
    """Return the five figures of Table 6 of single times, (n,) with n at least 1."""
    return PredictionTimes(
        count=len(milliseconds),
        minimum=float(milliseconds.min()),
        mean=float(milliseconds.mean()),
        median=float(np.median(milliseconds)),
        percentile_95=float(np.percentile(milliseconds, 95)),
        maximum=float(milliseconds.max()),
    )

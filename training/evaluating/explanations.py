"""Localisation of the tumour by heatmaps, measured against experts' outlines.

The pointing game (Zhang et al. 2018) asks whether the hottest point lies in the tumour, here
exactly and with a tolerance of 15 pixels on an image of 224 x 224 pixels. The energy-based pointing
game (Wang et al. 2020) asks which share of the heat lies in the tumour. An uninformative heatmap
would score the tumour's share of the head's crop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.counting import counted, one_or
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import BtguiError
from btgui.engine.results import CamMethod, StageMap
from training.evaluating.effective_number import effective_share
from training.evaluating.evaluation import Estimate
from training.evaluating.figures import proportion
from training.scans.masks import mask_on_crop

TOLERANCE, _OF_SIDE = 15, 224  # pixels, on an image of this side
_SIDE = 224  # pixels of a side, at which maps and masks are compared


@dataclass(frozen=True)
class Pointing:
    """How well one heatmap localises the tumour.

    Attributes
    ----------
    label
        The scan's true class, for which the heatmap was computed.
    method, stage
        The CAM method, and the label of the network's stage.
    exact, near
        Whether the hottest point is in the tumour, and whether it is within the tolerance; both
        False for a map without evidence.
    heat_inside
        Share of the heat in the tumour, 0 to 1; 0 for a map without evidence.
    tumour_share
        The tumour's share of the head's crop, 0 to 1: the ``heat_inside`` of an uninformative map.
    near_share
        The same for the tumour with the tolerance around it: the probability that a random point
        is near.
    scan
        Index of the scan among the explained scans.
    """

    label: str
    method: str
    stage: str
    exact: bool
    near: bool
    heat_inside: float
    tumour_share: float
    near_share: float
    scan: int = 0


def measure_pointing(
    analyser: Analyser,
    scans: list[LabelledScan],
    masks: Mapping[Path, Path],
    say: Callable[[str], None],
    go_on: Callable[[], None],
) -> list[Pointing]:
    """Compute each scan's heatmaps for its true class, by every method, and compare them with its mask.

    Maps and masks are compared on the crop of the head, which is the network's input. ``go_on`` is
    called before each scan; it may raise to stop.
    """
    found: list[Pointing] = []
    classes = analyser.pack.card.classes
    hollow = 0
    for number, scan in enumerate(scans):
        go_on()
        try:
            analysis = analyser.classify(scan.read())
            box = analysis.preprocessed.outline.box
            mask = mask_on_crop(masks[scan.path.resolve()], box, analysis.scan.shape, _SIDE)
        except BtguiError as error:
            say(str(error))
            continue
        if not mask.any():
            hollow += 1
            continue
        for method in get_args(CamMethod):
            explained = analyser.explain(analysis, classes.index(scan.label), method).explanation
            if explained is None:
                raise TypeError("expected an explanation of an explained analysis")
            found += [
                replace(compare(stage, mask, scan.label, method), scan=number)
                for stage in explained.stages
            ]
        if (number + 1) % 50 == 0:
            say(f"Heatmaps of {number + 1:,} of {len(scans):,} outlined scans computed.")
    if hollow:
        say(
            f"{hollow:,} of {counted(len(scans), 'outline')} {one_or(hollow, 'marks', 'mark')} nothing "
            f"within the head and {one_or(hollow, 'was', 'were')} left out."
        )
    return found


def compare(stage: StageMap, mask: NDArray[np.uint8], label: str, method: str) -> Pointing:
    """Compare a heatmap with the tumour's mask on the same crop.

    Parameters
    ----------
    mask
        (side, side), above 0 in the tumour.
    label, method
        Attributes of the result.
    """
    side = mask.shape[0]
    large = stage.grid.enlarged(stage.feature_map, (side, side))
    inside = mask > 0
    row, column = _middle_of_hottest_cell(stage, side)
    # Distance of every pixel to the tumour; zero within the tumour.
    distance = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    is_near = distance <= TOLERANCE * side / _OF_SIDE
    total = float(large.sum())
    has_evidence = total > 0
    return Pointing(
        label=label,
        method=method,
        stage=stage.label,
        exact=has_evidence and bool(inside[row, column]),
        near=has_evidence and bool(is_near[row, column]),
        heat_inside=float(large[inside].sum()) / total if has_evidence else 0.0,
        tumour_share=float(inside.mean()),
        near_share=float(is_near.mean()),
    )


def _middle_of_hottest_cell(stage: StageMap, side: int) -> tuple[int, int]:
    """Return the (row, column) of the centre of the hottest cell, on an image of the given side.

    The maximum of the enlarged map would be biased: beyond the centres of its outer cells the map is
    constant up to the border, and the first of these equal pixels lies on the border at the top and
    on the left, but not at the bottom and on the right.
    """
    hottest = int(stage.feature_map.argmax())
    row, column = (int(place) for place in np.unravel_index(hottest, stage.feature_map.shape))
    down, across = stage.grid.centre(row, column)
    return min(int(down * side), side - 1), min(int(across * side), side - 1)


def summarise(
    pointings: list[Pointing], patients: NDArray[np.int64], of_all: str = "all"
) -> list[dict[str, Any]]:
    """Summarise the results by method, stage and class.

    Parameters
    ----------
    patients
        (scans,) the number of each explained scan's patient.
    of_all
        Value of ``class`` in the rows for all classes.

    Returns
    -------
    One row per method, stage and class, and one per method and stage for all classes. A row has
    ``method``, ``stage``, ``class``, ``count`` and, each an :class:`Estimate` as a dictionary,
    ``exact``, ``near``, ``heat_inside``, ``tumour_share`` and ``near_share``.
    """
    rows = []
    labels = ["", *sorted({one.label for one in pointings})]
    for method in dict.fromkeys(one.method for one in pointings):
        for stage in dict.fromkeys(one.stage for one in pointings):
            for label in labels:
                some = [
                    one
                    for one in pointings
                    if (one.method, one.stage) == (method, stage) and label in {"", one.label}
                ]
                own = patients[[one.scan for one in some]]
                rows.append(
                    {
                        "method": method,
                        "stage": stage,
                        "class": label or of_all,
                        "count": len(some),
                        "exact": asdict(
                            proportion(np.array([one.exact for one in some], bool), own)
                        ),
                        "near": asdict(proportion(np.array([one.near for one in some], bool), own)),
                    }
                    | {
                        name: asdict(_mean([getattr(one, name) for one in some], own))
                        for name in ("heat_inside", "tumour_share", "near_share")
                    }
                )
    return rows


def _mean(values: list[float], patients: NDArray[np.int64]) -> Estimate:
    """Return the mean of shares with Student's interval, clipped to 0 to 1.

    The bounds are NaN for a single value or equal values, from which no spread can be estimated.
    """
    if not values:
        return Estimate(float("nan"), 0.0, 1.0)
    mean = float(np.mean(values))
    if np.ptp(values) == 0:
        return Estimate(mean, float("nan"), float("nan"))
    from scipy.stats import t

    worth = len(values) * effective_share(np.array(values) - mean, patients)
    half = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(worth)
    return Estimate(mean, max(0.0, float(mean - half)), min(1.0, float(mean + half)))

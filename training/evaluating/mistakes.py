"""Misclassified scans, with the heatmaps of the verdict and of the true class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError
from training.evaluating.evaluation import Readings
from training.reports.scan_list import scan_number

_SIDE = 160
_HEAT = 0.45  # share of the heat's colour at its hottest


@dataclass(frozen=True)
class Mistake:
    """A misclassified scan.

    ``name`` is its number and file name, ``is_index`` its true class, ``said_index`` the verdict with
    ``confidence`` (0 to 1), ``picture`` the name of a picture beside the report.
    """

    name: str
    is_index: int
    said_index: int
    confidence: float
    picture: str


def draw_mistakes(
    analyser: Analyser, readings: Readings, folder: Path, most: int
) -> tuple[list[Mistake], int]:
    """Draw the most confident mistakes; return them and the total number of mistakes.

    Each picture shows, side by side, the scan and the last stage's heatmaps of the verdict and of
    the true class.

    Parameters
    ----------
    most
        Largest number of mistakes to draw.
    """
    said = readings.probabilities.argmax(axis=1)
    confidence = readings.probabilities.max(axis=1)
    wrong = np.flatnonzero(said != readings.labels)
    surest = wrong[np.argsort(-confidence[wrong], kind="stable")][:most]
    folder.mkdir(parents=True, exist_ok=True)
    mistakes = []
    for number, index in enumerate(surest.tolist()):
        scan = readings.scans[index]
        try:
            analysis = analyser.classify(scan.read())
            maps = [
                analyser.explain(analysis, int(target)).explanation
                for target in (said[index], readings.labels[index])
            ]
        except BtguiError:
            continue  # the file has vanished since it was read for the test
        tiles = [_tile(analysis.scan.grey, None)]
        tiles += [_tile(analysis.scan.grey, one.stages[-1].on_scan) for one in maps if one]
        file = folder / f"{number:03d}.jpg"
        # OpenCV writes only to ASCII paths on Windows.
        _, content = cv2.imencode(file.suffix, np.hstack(tiles))
        file.write_bytes(content.tobytes())
        mistakes.append(
            Mistake(
                name=scan_number(index, scan),
                is_index=int(readings.labels[index]),
                said_index=int(said[index]),
                confidence=float(confidence[index]),
                picture=f"{folder.name}/{file.name}",
            )
        )
    return mistakes, len(wrong)


def _tile(grey: NDArray[np.uint8], heat: NDArray[np.float32] | None) -> NDArray[np.uint8]:
    """Return a square (side, side, 3) BGR picture of a scan, overlaid with a heatmap if given."""
    height, width = grey.shape
    scale = _SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = cv2.cvtColor(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
    if heat is not None:
        known = cv2.resize(np.nan_to_num(heat), size, interpolation=cv2.INTER_LINEAR)
        coloured = cv2.applyColorMap((known * 255).astype(np.uint8), cv2.COLORMAP_INFERNO)
        share = (_HEAT * np.clip(known, 0, 1))[..., None]
        picture = (picture * (1 - share) + coloured * share).astype(np.uint8)
    tile = np.zeros((_SIDE, _SIDE, 3), np.uint8)
    top, left = (_SIDE - size[1]) // 2, (_SIDE - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = picture
    return tile

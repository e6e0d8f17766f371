"""Interleaved orders, in which the first few elements contain some of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from btgui.engine.datasets.dataset import LabelledScan

_Thing = TypeVar("_Thing")


def alternating(lists: Sequence[Sequence[_Thing]]) -> list[_Thing]:
    """Return the first of each list, then the second of each, and so on."""
    longest = max(map(len, lists), default=0)
    return [one[place] for place in range(longest) for one in lists if place < len(one)]


def mixed(scans: Sequence[LabelledScan], generator: np.random.Generator) -> list[LabelledScan]:
    """Return the scans in random order, in which every class comes once before any comes twice."""
    by_class: dict[str, list[LabelledScan]] = {}
    for index in generator.permutation(len(scans)).tolist():
        by_class.setdefault(scans[index].label, []).append(scans[index])
    return alternating([by_class[label] for label in sorted(by_class)])

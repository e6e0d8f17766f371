"""Scans that look alike: across splits, across classes, and in groups within a class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import Links
from training.turns import alternating

# A pair across splits begins with the scan whose split is contaminated by the other one.
_SPOILT_FIRST = ("test", "validation", "train")
_KINDS = ("identical", "copy", "near")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two similar scans.

    ``kind`` is "identical" (the same bytes), "copy" (correlation of 0.97 or more under
    one of the eight flips and quarter turns) or "near" (0.93 or more: probably a neighbouring
    slice); ``transform`` names the transform that maps the second scan onto the first.
    """

    first: LabelledScan
    second: LabelledScan
    kind: str
    transform: str
    similarity: float

    @property
    def between(self) -> tuple[str, str]:
        """The splits of the first and the second scan."""
        return self.first.split, self.second.split

    def to_json(self, names: tuple[str, str] = ("first", "second")) -> dict[str, Any]:
        """Return the pair as plain JSON values, its scans under the given names."""
        return {
            names[0]: str(self.first.path),
            names[1]: str(self.second.path),
            "kind": self.kind,
            "transform": self.transform,
            "similarity": round(self.similarity, 4),
        }


@dataclass(frozen=True)
class Group:
    """Scans of one class and split, connected by pairs of similar scans.

    ``kind`` and ``similarity`` are those of the weakest pair.
    """

    label: str
    split: str
    kind: str
    similarity: float
    scans: tuple[LabelledScan, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the group as plain JSON values."""
        return {
            "label": self.label,
            "split": self.split,
            "kind": self.kind,
            "similarity": round(self.similarity, 4),
            "scans": [str(scan.path) for scan in self.scans],
        }


class PairsSeen:
    """Collects pairs of similar scans.

    Pairs within a class and split only link their scans into groups and are not kept: n similar
    scans have about n²/2 pairs.

    Attributes
    ----------
    kept
        The pairs across splits or classes.
    copies, near_copies
        The groups within a class and split, without and with links between near copies.
    """

    def __init__(self) -> None:
        self.kept: list[Pair] = []
        self.copies, self.near_copies = _Groups(), _Groups()

    def add(self, pair: Pair) -> None:
        """Add a pair."""
        if (pair.first.label, pair.first.split) != (pair.second.label, pair.second.split):
            if _crosses(pair) or _conflicts(pair):
                self.kept.append(pair)
            return
        if pair.kind != "near":
            self.copies.link(pair)
        self.near_copies.link(pair)


def across_splits(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs across two splits, the contaminated scan first.

    A test scan is contaminated by its copy in training or validation, a validation scan by its copy
    in training. Pairs are sorted by splits, then by the first scan's path, then by descending
    similarity.
    """
    return sorted(
        (_spoilt_first(pair) for pair in pairs if _crosses(pair)),
        key=lambda pair: (
            *map(_SPOILT_FIRST.index, pair.between),
            str(pair.first.path),
            -pair.similarity,
        ),
    )


def across_classes(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs whose scans cannot be of one class, near copies last."""
    return sorted(filter(_conflicts, pairs), key=lambda pair: pair.kind == "near")


def _crosses(pair: Pair) -> bool:
    return "" not in pair.between and len(set(pair.between)) > 1


def _conflicts(pair: Pair) -> bool:
    return not set(pair.first.possible_classes) & set(pair.second.possible_classes)


def spoilt(leaks: Sequence[Pair], between: tuple[str, str]) -> tuple[int, int]:
    """Return how many scans of the first split have a copy in the second, and how many a near copy only."""
    mine = [pair for pair in leaks if pair.between == between]
    copied = {pair.first.path for pair in mine if pair.kind != "near"}
    return len(copied), len({pair.first.path for pair in mine} - copied)


def groups_within(seen: PairsSeen, *, near: bool) -> list[Group]:
    """Return the groups of copies in one class and split or, with ``near``, of near copies.

    A group of near copies has at least one pair of near copies; copies of its scans belong to it too.
    The largest group comes first.
    """
    groups = seen.near_copies.found() if near else seen.copies.found()
    chosen = [group for group in groups if not near or group.kind == "near"]
    return sorted(chosen, key=lambda group: (-len(group.scans), group.label))


def scans_by_class(groups: Sequence[Group]) -> dict[str, int]:
    """Return the number of scans of each class in the groups."""
    counts: dict[str, int] = {}
    for group in groups:
        counts[group.label] = counts.get(group.label, 0) + len(group.scans)
    return dict(sorted(counts.items()))


def nearly_only(copies: Sequence[Group], near_copies: Sequence[Group]) -> dict[str, int]:
    """Return each class's number of scans with a near copy, but no copy, in their class and split."""
    copied = {scan.path for group in copies for scan in group.scans}
    counts: dict[str, int] = {}
    for group in near_copies:
        for scan in group.scans:
            if scan.path not in copied:
                counts[scan.label] = counts.get(scan.label, 0) + 1
    return dict(sorted(counts.items()))


def in_turn(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the most similar pair of each first scan, alternating kinds, classes and transforms.

    The first few pairs are then examples of everything that was found.
    """
    best: dict[Path, Pair] = {}
    for pair in pairs:
        best.setdefault(pair.first.path, pair)
    sorts: dict[tuple[int, str], dict[str, list[Pair]]] = {}
    for pair in best.values():
        sort = sorts.setdefault((_KINDS.index(pair.kind), pair.first.label), {})
        sort.setdefault(pair.transform, []).append(pair)
    return alternating([alternating([*sorts[sort].values()]) for sort in sorted(sorts)])


def _spoilt_first(pair: Pair) -> Pair:
    first, second = (_SPOILT_FIRST.index(split) for split in pair.between)
    if first < second:
        return pair
    return Pair(pair.second, pair.first, pair.kind, _inverse(pair.transform), pair.similarity)


def _inverse(transform: str) -> str:
    """Return the name of a transform's inverse; flips are their own inverse."""
    back = {"quarter turn": "three-quarter turn", "three-quarter turn": "quarter turn"}
    return back.get(transform, transform)


class _Groups:
    """Groups of scans that grow link by link, each with its weakest link."""

    def __init__(self) -> None:
        self._scans: list[LabelledScan] = []
        self._places: dict[Path, int] = {}
        self._links = Links()
        self._lowest: list[float] = []
        self._loosest: list[int] = []  # an index into _KINDS

    def link(self, pair: Pair) -> None:
        """Link the scans of a pair."""
        kept, gone = self._links.join(self._place(pair.first), self._place(pair.second))
        self._lowest[kept] = min(self._lowest[kept], self._lowest[gone], pair.similarity)
        kinds = self._loosest[kept], self._loosest[gone], _KINDS.index(pair.kind)
        self._loosest[kept] = max(kinds)

    def found(self) -> list[Group]:
        """Return the groups, their scans in the order in which they were added."""
        members: dict[int, list[LabelledScan]] = {}
        for scan, number in zip(self._scans, self._links.groups().tolist(), strict=True):
            members.setdefault(number, []).append(scan)
        return [
            Group(
                scans[0].label,
                scans[0].split,
                _KINDS[self._loosest[number]],
                self._lowest[number],
                tuple(scans),
            )
            for number, scans in members.items()
        ]

    def _place(self, scan: LabelledScan) -> int:
        place = self._places.get(scan.path)
        if place is None:
            place = self._places[scan.path] = self._links.add()
            self._scans.append(scan)
            self._lowest.append(1.0)
            self._loosest.append(0)
        return place

"""Sharing groups of scans out: each group whole, each class its share, none without a group."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan, known_classes

# A class needs so many groups for one of them to be tested, or only to choose the best epoch:
# of the others, one chooses and one trains, or one trains.
GROUPS_TO_TEST, GROUPS_TO_CHOOSE = 3, 2


def deal(
    scans: list[LabelledScan],
    groups: NDArray[np.int64],
    counted: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
    fraction: float,
    generator: np.random.Generator,
    needed: int,
) -> NDArray[np.bool_]:
    """Choose whole groups of allowed scans until each (class, source) has its share; (n,) bool.

    A group is taken where the shares come nearer to what is wanted by it, in the sum of their
    squares: one of a single class is passed over if it is larger than twice what its share still
    lacks. Where that leaves a counted class without any, its smallest group is taken after all.

    Parameters
    ----------
    groups
        (n,) the number of each scan's group.
    counted
        (n,) whether a scan counts towards its share, ``fraction`` of these.
    allowed
        (n,) a group may be chosen if all of its scans are.
    needed
        A group may be chosen if each class in it has so many.
    """
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(index)
    in_group = {group: known_classes(scans[i] for i in of) for group, of in members.items()}
    left = Counter(name for names in in_group.values() for name in names)
    members = {group: of for group, of in members.items() if allowed[of].all()}
    shares = [scan for scan, counts in zip(scans, counted, strict=True) if counts]
    wanted: dict[tuple[str, str], float] = {}
    for scan in shares:
        key = (scan.label, scan.source)
        wanted[key] = wanted.get(key, 0.0) + fraction
    # A patient's slices with a tumour and without one are a group, too.
    sizes = {
        group: Counter((scans[i].label, scans[i].source) for i in of)
        for group, of in members.items()
    }
    chosen = np.zeros(len(scans), bool)

    def may_go(group: int) -> bool:
        return all(left[name] >= needed for name in in_group[group])

    def take(group: int) -> None:
        chosen[members[group]] = True
        left.subtract(in_group[group])

    # Scans of partly known class are dealt last: to add some leaves the split of the rest as it was.
    known = [group for group, of in members.items() if scans[of[0]].is_known]
    partly = sorted(members.keys() - set(known))
    order = [*generator.permutation(known).tolist(), *generator.permutation(partly).tolist()]
    for group in order:
        nearer = sum(size * (2 * wanted[key] - size) for key, size in sizes[group].items())
        if nearer >= 0 and may_go(group):
            for key, size in sizes[group].items():
                wanted[key] -= size
            take(group)
    without = known_classes(shares) if fraction > 0 else set()
    for name in sorted(without):
        open_ones = [group for group in order if name in in_group[group] and may_go(group)]
        has_some = any(
            scan.label == name for scan, is_in in zip(scans, chosen, strict=True) if is_in
        )
        if open_ones and not has_some:
            take(min(open_ones, key=lambda group: len(members[group])))
    return chosen

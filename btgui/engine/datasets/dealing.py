"""Splitting scans by whole groups, such that each class gets its share and at least one group."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan, known_classes

# The minimum number of groups of a class: to test on one, besides one to choose the best epoch and
# one to train on; and without a test, to choose the best epoch on one and train on the other.
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
    """Choose whole groups of allowed scans until each (class, source) has its share.

    A group is chosen if it does not increase the sum of squared deviations from the wanted shares:
    a group of a single class is skipped if it is larger than twice what its share still lacks.
    If a counted class gets no group this way, its smallest group is chosen after all.

    Parameters
    ----------
    groups
        (n,) group number of each scan.
    counted
        (n,) whether a scan counts towards the size of its (class, source).
    allowed
        (n,) whether a scan may be chosen; a group may be chosen only if all its scans may.
    fraction
        Wanted share of the counted scans.
    needed
        A group may be chosen only while each of its classes has at least this many groups left.

    Returns
    -------
    (n,) bool, whether a scan is chosen.
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
    # A group may hold several classes: a patient's slices with and without a tumour, for example.
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

    # Scans of partly known class come last, so that adding some does not change the split of others.
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

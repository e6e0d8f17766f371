"""Which scans train, which choose (validation) and which test, under a named protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from btgui.engine.errors import DatasetError
from btgui.engine.training_request import Protocol
from training.copies import (
    COPY_CORRELATION,
    NEAR_CORRELATION,
    find_copies,
    group_copies,
    signatures,
)
from training.dataset import LabelledScan, classes_of


@dataclass(frozen=True)
class Splits:
    """Disjoint lists of scans, and how many were left out because they copy a test scan."""

    train: list[LabelledScan]
    validation: list[LabelledScan]
    test: list[LabelledScan]
    left_out: int


def make_splits(
    scans: list[LabelledScan],
    *,
    protocol: Protocol,
    validation_fraction: float,
    seed: int,
    say: Callable[[str], None],
) -> Splits:
    """Split scans; under the honest protocol no copy crosses a border.

    Honest: training scans that copy a test scan in any of the eight orientations are
    left out, and groups of near copies (also neighbouring slices that correlate at
    0.93 or more) stay together in training or in validation. Published: a plain
    stratified split, as in the literature.

    Raises
    ------
    DatasetError
        No scan, or no scan of some class, is left to train or to choose with.
    """
    test = [scan for scan in scans if scan.split == "test"]
    # A seed must give the same split however a file system or a caller orders its lists.
    rest = sorted(
        (scan for scan in scans if scan.split != "test"),
        key=lambda scan: (scan.source, scan.split, scan.label, scan.path.name),
    )
    left_out = 0
    groups = np.arange(len(rest))
    if protocol == "honest":
        say(f"Comparing {len(scans)} scans in eight orientations …")
        of_rest = signatures([scan.path for scan in rest])
        if test:
            of_test = signatures([scan.path for scan in test])
            copies = {pair.second for pair in find_copies(of_test, of_rest, COPY_CORRELATION)}
            kept = [index for index in range(len(rest)) if index not in copies]
            left_out = len(copies)
            say(f"{left_out} training scans copy a test scan and are left out.")
            rest = [rest[index] for index in kept]
            of_rest = of_rest[kept]
        groups = group_copies(find_copies(of_rest, of_rest, NEAR_CORRELATION), len(rest))
    train, validation = _stratified_by_group(rest, groups, validation_fraction, seed)
    for name, part in (("train", train), ("choose", validation)):
        missing = set(classes_of(scans)) - set(classes_of(part))
        if missing:
            raise DatasetError(
                f"No scan of {', '.join(sorted(missing))} is left to {name} with. "
                f"Add scans of that class."
            )
    return Splits(train, validation, test, left_out)


def _stratified_by_group(
    scans: list[LabelledScan], groups: np.ndarray, fraction: float, seed: int
) -> tuple[list[LabelledScan], list[LabelledScan]]:
    """Fill validation group by group until each (class, source) has its share."""
    generator = np.random.default_rng(seed)
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(index)
    wanted: dict[tuple[str, str], float] = {}
    for scan in scans:
        key = (scan.label, scan.source)
        wanted[key] = wanted.get(key, 0.0) + fraction
    validation: set[int] = set()
    # Scans of partly known class are dealt last: to add some leaves the split of the rest as it was.
    known = [group for group, of in members.items() if len(scans[of[0]].possible_classes) == 1]
    partly = sorted(members.keys() - set(known))
    order = [*generator.permutation(known).tolist(), *generator.permutation(partly).tolist()]
    for group in order:
        first = scans[members[group][0]]
        # The group's class is that of its first scan: groups of mixed class are rare conflicts.
        if wanted[first.label, first.source] >= len(members[group]) / 2:
            wanted[first.label, first.source] -= len(members[group])
            validation.update(members[group])
    train = [scan for index, scan in enumerate(scans) if index not in validation]
    return train, [scan for index, scan in enumerate(scans) if index in validation]

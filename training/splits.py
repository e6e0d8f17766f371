"""Which scans train, which choose (validation) and which test, under a named protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.dataset import LabelledScan, classes_of, known_classes
from btgui.engine.errors import DatasetError
from btgui.engine.training_request import Protocol
from training.copies import (
    COPY_CORRELATION,
    NEAR_CORRELATION,
    find_copies,
    group_linked,
    signatures,
)
from training.neighbours import neighbours
from training.patients import linked, same_patient


@dataclass(frozen=True)
class Splits:
    """Disjoint lists of scans, and how many were left out for what they share with the others.

    ``left_out`` counts training and validation scans that copy a test scan or are of its
    patient or head, and training scans of a group that the data set gave to validation.
    """

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
    test_fraction: float = 0.0,
    trained: frozenset[Path] = frozenset(),
    compared: Callable[[int], None] = lambda _count: None,
) -> Splits:
    """Split scans; under the honest protocol nothing known crosses a border.

    A split that the data set gives is kept. Where no scan is given to the test,
    ``test_fraction`` of those whose split is open are taken for it; for validation, the
    fraction of every source that gives none itself. Both are stratified by class and
    source, and a seed repeats them.

    Honest: scans form groups of copies in any of eight orientations, of neighbouring
    slices (a correlation of 0.93 or more, and less where files are numbered one after
    another: :func:`training.neighbours.neighbours`) and of one patient where known; a
    group stays in one part. Scans that copy a given test scan (0.97 or more), or are its neighbours
    or of its patient, are left out. Published: scan by scan, as in the literature.

    Where scans have trained the network before, it is the other way round, and honest: given
    test scans that copy one of these, or are of its patient or head, are left out, and given
    validation scans of their groups.

    Parameters
    ----------
    trained
        Files that have trained the network already: they, and under the honest protocol
        their groups, stay in training. Those that the data set gives to the test or to
        validation have no part, but are compared with the others.
    compared
        Called with how many scans have been read for comparing.

    Raises
    ------
    DatasetError
        No scan, or no scan of some class, is left to train or to choose with.
    """
    former = frozenset(
        scan.path for scan in scans if scan.path in trained and scan.split in {"test", "validation"}
    )
    test = [scan for scan in scans if scan.split == "test" and scan.path not in former]
    # A seed must give the same split however a file system or a caller orders its lists.
    rest = sorted(
        (scan for scan in scans if scan.split != "test" or scan.path in former),
        key=lambda scan: (scan.source, scan.split, scan.label, scan.path.name, str(scan.path)),
    )
    groups: NDArray[np.int64] = np.arange(len(rest))
    shared = 0
    if protocol == "honest":
        say(f"Comparing {len(scans)} scans in eight orientations …")
        rest, test, groups, shared = _grouped(rest, test, trained, compared, say)
    all_groups = groups
    mine, knows = ~_among(rest, former), _among(rest, trained)
    if not test:
        is_open = mine & np.array([scan.split == "" for scan in rest], bool)
        generator = np.random.default_rng((seed, 1))
        taken = _deal(rest, groups, is_open, is_open & ~knows, test_fraction, generator)
        test, rest, groups = _of(rest, taken), _of(rest, ~taken), groups[~taken]
        mine, knows = mine[~taken], knows[~taken]
    given = mine & np.array([scan.split == "validation" for scan in rest], bool)
    giving = {scan.source for scan in _of(rest, given)}
    asked = mine & np.array([scan.source not in giving for scan in rest], bool)
    chosen = _deal(
        rest, groups, asked, asked & ~knows, validation_fraction, np.random.default_rng(seed)
    )
    learned = given & np.isin(groups, groups[knows])
    if learned.any():
        say(
            f"{learned.sum():,} scans that the data set gives to validation belong with scans that "
            f"trained the model which this training goes on from (copies, neighbouring slices or "
            f"one patient) and are left out."
        )
        given &= ~learned
    crossing = mine & ~given & ~learned & np.isin(groups, groups[given])
    if crossing.any():
        say(
            f"{crossing.sum()} training scans belong with scans that the data set gives to "
            f"validation (copies, neighbouring slices or one patient) and are left out."
        )
    train = _of(rest, mine & ~given & ~learned & ~chosen & ~crossing)
    validation = _of(rest, given | (chosen & ~crossing))
    for name, part in (("train", train), ("choose", validation)):
        missing = set(classes_of(scans)) - known_classes(part)
        if missing:
            partly = (
                " (only scans that may be of several)" if missing & set(classes_of(part)) else ""
            )
            raise DatasetError(
                f"No scan of {', '.join(sorted(missing))} is left to {name} with{partly}. "
                f"{_why(all_groups, shared, len(trained))}Add scans of that class."
            )
    return Splits(train, validation, test, shared + int(crossing.sum()))


def _why(groups: NDArray[np.int64], left_out: int, trained: int) -> str:
    """Say why a class may be left without scans: what the test took, or one large group."""
    text = ""
    if trained:
        text += (
            f"{trained:,} scans trained the model that this training goes on from and can do "
            f"nothing else: begin with other weights, or add scans. "
        )
    if left_out:
        text += (
            f"{left_out:,} scans were left out, since they copy a test scan or are of its patient "
            f"or head. "
        )
    largest = int(np.unique(groups, return_counts=True)[1].max()) if len(groups) else 0
    if largest > len(groups) / 2:
        text += (
            f"{largest:,} of {len(groups):,} scans belong together, as copies of one another, "
            f"neighbouring slices or scans of one patient, and stay in one part. Where patient "
            f"numbers in the files are wrong, a table with the column patient goes before them. "
        )
    return text


def _grouped(
    rest: list[LabelledScan],
    test: list[LabelledScan],
    trained: frozenset[Path],
    compared: Callable[[int], None],
    say: Callable[[str], None],
) -> tuple[list[LabelledScan], list[LabelledScan], NDArray[np.int64], int]:
    """Leave out what the test and the rest share.

    Of a test scan that shares something with a scan which trained the network before, the test
    scan goes; else the other.

    Returns
    -------
    The rest that is left, the test that is left, the groups' numbers of that rest, and how many
    of the rest were left out.
    """
    scans = [*rest, *test]
    thumbnails = signatures([scan.path for scan in scans], compared)
    of_rest, of_test = np.split(thumbnails, [len(rest)])
    # Of all scans together: whether a number tells patients apart is one question.
    patients = group_linked(same_patient(scans, say), len(scans))
    in_order = list(neighbours(scans, thumbnails))
    if following := len({max(pair) for pair in in_order}):
        say(
            f"Files seem to be numbered head by head: {following:,} scans look much like the one "
            f"before and stay on its side of the split."
        )
    heads = group_linked(in_order, len(scans))
    knows = _among(rest, trained)
    names = [np.split(one, [len(rest)]) for one in (patients, heads)]
    learned = _sharing(of_test, of_rest[knows], [(of, by[knows]) for by, of in names])
    if learned.any():
        say(
            f"{learned.sum():,} test scans copy scans that trained the model which this training "
            f"goes on from, or are of their patients or heads, and are left out."
        )
    test, of_test = _of(test, ~learned), of_test[~learned]
    shared = _sharing(of_rest, of_test, [(of, by[~learned]) for of, by in names])
    if shared.any():
        say(
            f"{shared.sum()} scans copy a test scan, or are of its patient or head, and are left out."
        )
    rest, of_rest = _of(rest, ~shared), of_rest[~shared]
    alike = (pair.indices for pair in find_copies(of_rest, of_rest, NEAR_CORRELATION))
    of_one = (linked(of[~shared].tolist()) for of, _by in names)
    groups = group_linked(chain(alike, *of_one), len(rest))
    return rest, test, groups, int(shared.sum())


def _sharing(
    thumbnails: NDArray[np.uint8],
    others: NDArray[np.uint8],
    names: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> NDArray[np.bool_]:
    """Return which scans copy one of the others, or have a patient's or a head's number with one; (n,).

    ``names`` has such numbers of the scans and of the others.
    """
    shares = np.zeros(len(thumbnails), bool)
    for pair in find_copies(others, thumbnails, COPY_CORRELATION):
        shares[pair.second] = True
    for of, by in names:
        shares |= np.isin(of, by)
    return shares


def _among(scans: list[LabelledScan], files: frozenset[Path]) -> NDArray[np.bool_]:
    return np.array([scan.path in files for scan in scans], bool)


def _of(scans: list[LabelledScan], chosen: NDArray[np.bool_]) -> list[LabelledScan]:
    return [scan for scan, is_chosen in zip(scans, chosen, strict=True) if is_chosen]


def _deal(
    scans: list[LabelledScan],
    groups: NDArray[np.int64],
    counted: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
    fraction: float,
    generator: np.random.Generator,
) -> NDArray[np.bool_]:
    """Choose whole groups of allowed scans until each (class, source) has its share; (n,) bool.

    The share is of the scans that are counted.
    """
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(index)
    members = {group: of for group, of in members.items() if allowed[of].all()}
    wanted: dict[tuple[str, str], float] = {}
    for scan in _of(scans, counted):
        key = (scan.label, scan.source)
        wanted[key] = wanted.get(key, 0.0) + fraction
    chosen = np.zeros(len(scans), bool)
    # Scans of partly known class are dealt last: to add some leaves the split of the rest as it was.
    known = [group for group, of in members.items() if scans[of[0]].is_known]
    partly = sorted(members.keys() - set(known))
    order = [*generator.permutation(known).tolist(), *generator.permutation(partly).tolist()]
    for group in order:
        first = scans[members[group][0]]
        # The group's class is that of its first scan: groups of mixed class are rare conflicts.
        if wanted[first.label, first.source] >= len(members[group]) / 2:
            wanted[first.label, first.source] -= len(members[group])
            chosen[members[group]] = True
    return chosen

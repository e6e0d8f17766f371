"""Which scans train, which choose (validation) and which test, under a named protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan, classes_of, known_classes
from btgui.engine.datasets.dealing import GROUPS_TO_CHOOSE, GROUPS_TO_TEST, deal
from btgui.engine.errors import DatasetError
from btgui.engine.training_request import Protocol
from training.grouping.copies import (
    COPY_CORRELATION,
    NEAR_CORRELATION,
    find_copies,
    group_linked,
    signatures,
)
from training.grouping.neighbours import neighbours
from training.grouping.patients import linked, same_patient

# The numbers of two lists of scans, each a way to say what belongs together.
_Names = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


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
    another: :func:`training.grouping.neighbours.neighbours`) and of one patient where known; a
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
    if not validation_fraction and all(scan.split != "validation" for scan in scans):
        raise DatasetError(
            "Expected scans to choose the best epoch with; the validation fraction is 0, and the data "
            "sets give none to validation. Choose a fraction above 0."
        )
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
        rest, test, groups, shared = _grouped(rest, test, trained, compared, say)
    all_scans, all_groups = rest, groups
    mine, knows = ~_among(rest, former), _among(rest, trained)
    if not test:
        is_open = mine & np.array([scan.split == "" for scan in rest], bool)
        generator = np.random.default_rng((seed, 1))
        free, opened = is_open & ~knows, known_classes(_of(rest, is_open))
        chooses = any(scan.split == "validation" for scan in _of(rest, mine))
        needed = GROUPS_TO_CHOOSE if chooses else GROUPS_TO_TEST
        taken = deal(rest, groups, is_open, free, test_fraction, generator, needed)
        test, rest, groups = _of(rest, taken), _of(rest, ~taken), groups[~taken]
        mine, knows = mine[~taken], knows[~taken]
        if test_fraction > 0 and (untested := opened - known_classes(test)):
            say(_untested(sorted(untested), needed))
    given = mine & np.array([scan.split == "validation" for scan in rest], bool)
    giving = {scan.source for scan in _of(rest, given)}
    asked = mine & np.array([scan.source not in giving for scan in rest], bool)
    generator = np.random.default_rng(seed)
    free = asked & ~knows
    chosen = deal(rest, groups, asked, free, validation_fraction, generator, GROUPS_TO_CHOOSE)
    learned = given & np.isin(groups, groups[knows])
    if learned.any():
        say(
            f"Left out: {counted(int(learned.sum()), 'scan')} that the data set gives to validation, but "
            f"that belong with scans which trained the model that this training goes on from "
            f"(copies, neighbouring slices or one patient)."
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
            names = ", ".join(sorted(missing))
            raise DatasetError(
                f"No scan of {names} is left to {name} with{partly}. "
                f"{_why(all_scans, all_groups, missing, shared, len(trained))}Add scans of {names}."
            )
    return Splits(train, validation, test, shared + int(crossing.sum()))


def apart_from_test(
    scans: list[LabelledScan], say: Callable[[str], None], compared: Callable[[int], None]
) -> list[LabelledScan]:
    """Return the scans that are neither for the test nor share anything with it.

    As in an honest run: what copies a test scan in any of eight orientations, or is of its patient
    or head, is left out, and it is said.

    Parameters
    ----------
    compared
        Called with how many scans have been read for comparing.
    """
    rest = [scan for scan in scans if scan.split != "test"]
    test = [scan for scan in scans if scan.split == "test"]
    if not rest or not test:
        return rest
    of_rest, of_test, names = _numbered(rest, test, compared, say)
    shared = _sharing(of_rest, of_test, names)
    if shared.any():
        say(_left_out(int(shared.sum())))
    return _of(rest, ~shared)


def _untested(classes: list[str], needed: int) -> str:
    """Say which classes have no scan in the test that was drawn."""
    return (
        f"No scan of {', '.join(classes)} is kept for the test: its figures will say nothing of that. "
        f"To test a class, at least {needed} patients of it are needed, or groups of scans that "
        f"belong together."
    )


def _why(
    scans: list[LabelledScan],
    groups: NDArray[np.int64],
    missing: set[str],
    left_out: int,
    trained: int,
) -> str:
    """Say why classes may be left without scans: what the test took, or how they belong together."""
    text = ""
    if trained:
        text += (
            f"{trained:,} scans trained the model that this training goes on from and can do "
            f"nothing else, unless you begin with other weights. "
        )
    if left_out:
        text += (
            f"{left_out:,} scans were left out, since they copy a test scan or are of its patient "
            f"or head. "
        )
    few = []
    for name in sorted(missing):
        of_class = groups[[scan.label == name for scan in scans]]
        count = len(np.unique(of_class))
        if 0 < count < min(len(of_class), GROUPS_TO_TEST):
            few.append(f"{len(of_class):,} scans of {name} form {count}")
    if few:
        text += (
            f"Copies of one another, neighbouring slices and scans of one patient are a group that "
            f"stays in one part; {', '.join(few)}. Add scans of other patients. Where patient "
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
    of_rest, of_test, names = _numbered(rest, test, compared, say)
    knows = _among(rest, trained)
    learned = _sharing(of_test, of_rest[knows], [(of, by[knows]) for by, of in names])
    if learned.any():
        say(
            f"Left out: {counted(int(learned.sum()), 'test scan')} that copy scans which trained the model "
            f"that this training goes on from, or show their patients or heads."
        )
    test, of_test = _of(test, ~learned), of_test[~learned]
    shared = _sharing(of_rest, of_test, [(of, by[~learned]) for of, by in names])
    if shared.any():
        say(_left_out(int(shared.sum())))
    rest, of_rest = _of(rest, ~shared), of_rest[~shared]
    alike = (pair.indices for pair in find_copies(of_rest, of_rest, NEAR_CORRELATION))
    of_one = (linked(of[~shared].tolist()) for of, _by in names)
    groups = group_linked(chain(alike, *of_one), len(rest))
    return rest, test, groups, int(shared.sum())


def _left_out(count: int) -> str:
    return f"Left out, for copying a test scan or being of its patient or head: {counted(count, 'scan')}."


def _numbered(
    rest: list[LabelledScan],
    test: list[LabelledScan],
    compared: Callable[[int], None],
    say: Callable[[str], None],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], _Names]:
    """Return both lists' thumbnails and, of both, the numbers of their patients and of their heads."""
    scans = [*rest, *test]
    say(f"Comparing {counted(len(scans), 'scan')} in eight orientations …")
    thumbnails = signatures(scans, compared)
    of_rest, of_test = np.split(thumbnails, [len(rest)])
    # Of all scans together: whether a number tells patients apart is one question.
    patients = group_linked(same_patient(scans, say), len(scans))
    in_order = list(neighbours(scans, thumbnails))
    if following := len({max(pair) for pair in in_order}):
        say(
            f"Files seem to be numbered head by head. Kept on the side of the scan before, which it "
            f"resembles: {counted(following, 'scan')}."
        )
    heads = group_linked(in_order, len(scans))
    names = [np.split(one, [len(rest)]) for one in (patients, heads)]
    return of_rest, of_test, [(of, by) for of, by in names]


def _sharing(
    thumbnails: NDArray[np.uint8],
    others: NDArray[np.uint8],
    names: _Names,
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

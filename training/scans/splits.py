"""Splits into training, validation and test scans under a protocol."""

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

# Group numbers of two lists of scans, one pair of arrays for each way of grouping.
_Names = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True)
class Splits:
    """Disjoint lists of scans, and the numbers of scans left out as related to other parts.

    Attributes
    ----------
    left_out
        Number of training and validation scans that copy a test scan or are of its known or inferred
        patient.
    crossing
        Number of training scans related to validation scans of the data set.
    learned
        Number of test and validation scans of the data set that trained the network before, or are
        related to scans that did.
    """

    train: list[LabelledScan]
    validation: list[LabelledScan]
    test: list[LabelledScan]
    left_out: int
    crossing: int = 0
    learned: int = 0


@dataclass(frozen=True, eq=False)
class _Apart:
    """Scans outside the test set and test scans, unrelated to each other.

    ``groups`` has the group numbers of ``rest``. ``shared`` scans outside the test set were left out as
    related to test scans, and ``learned`` test scans as related to scans that trained the network before.
    """

    rest: list[LabelledScan]
    test: list[LabelledScan]
    groups: NDArray[np.int64]
    shared: int = 0
    learned: int = 0


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
    """Split scans; under the honest protocol related scans stay in one part.

    Parts assigned by the data sets are kept. If there are no test scans, ``test_fraction`` of the
    unassigned scans become test scans. For validation, the fraction is taken of every source that
    has no validation scans. Both are stratified by class and source, and reproducible by the seed.

    Under the honest protocol, groups are formed of copies in any of eight orientations, of
    neighbouring slices (a correlation of 0.93 or more, or less for consecutively numbered files:
    :func:`training.grouping.neighbours.neighbours`) and of scans of one known patient; a group stays
    in one part. Scans that copy a test scan of the data set (0.97 or more), are its neighbours or of
    its patient are left out. Under the published protocol, scans are split individually, as in the
    literature.

    Scans that trained the network before take precedence under the honest protocol: test scans that
    copy one of them or are of its known or inferred patient are left out, as are validation scans of
    their groups.

    Parameters
    ----------
    trained
        Files that trained the network before: they and, under the honest protocol, their groups stay
        in training. Those assigned to the test or validation are not used, but are compared with the
        others.
    compared
        Called with the number of scans read for the comparison.

    Raises
    ------
    DatasetError
        No scan, or no scan of some class, is left for training or validation.
    """
    if not validation_fraction and all(scan.split != "validation" for scan in scans):
        raise DatasetError(
            "Expected validation scans to choose the best epoch; the validation fraction is 0, and the "
            "data sets have none. Choose a fraction above 0."
        )
    former = frozenset(
        scan.path for scan in scans if scan.path in trained and scan.split in {"test", "validation"}
    )
    test = [scan for scan in scans if scan.split == "test" and scan.path not in former]
    # A seed must give the same split in whatever order the scans are listed.
    rest = sorted(
        (scan for scan in scans if scan.split != "test" or scan.path in former),
        key=lambda scan: (scan.source, scan.split, scan.label, scan.path.name, str(scan.path)),
    )
    apart = (
        _apart(rest, test, trained, compared, say)
        if protocol == "honest"
        else _Apart(rest, test, np.arange(len(rest)))
    )
    rest, test, groups = apart.rest, apart.test, apart.groups
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
            f"Left out: {counted(int(learned.sum()), 'validation scan')} of the data set related to "
            f"training scans of the model to fine-tune (copies, neighbouring slices or one patient)."
        )
        given &= ~learned
    crossing = mine & ~given & ~learned & np.isin(groups, groups[given])
    if crossing.any():
        say(
            f"Left out: {counted(int(crossing.sum()), 'training scan')} related to validation scans "
            f"of the data set (copies, neighbouring slices or one patient)."
        )
    train = _of(rest, mine & ~given & ~learned & ~chosen & ~crossing)
    validation = _of(rest, given | (chosen & ~crossing))
    for name, part in (("training", train), ("validation", validation)):
        missing = set(classes_of(scans)) - known_classes(part)
        if missing:
            partly = (
                " (only scans that may be of several classes)"
                if missing & set(classes_of(part))
                else ""
            )
            names = ", ".join(sorted(missing))
            why = _why(apart, missing, int(crossing.sum()), len(trained))
            raise DatasetError(
                f"No scan of {names} is left for {name}{partly}. {why}Add scans of {names}."
            )
    unused = apart.learned + int(learned.sum()) + int((~mine).sum())
    return Splits(train, validation, test, apart.shared, int(crossing.sum()), unused)


def apart_from_test(
    scans: list[LabelledScan], say: Callable[[str], None], compared: Callable[[int], None]
) -> list[LabelledScan]:
    """Return the scans that are neither test scans nor related to test scans.

    As in an honest run, copies of a test scan in any of eight orientations and scans of its known or
    inferred patient are left out, which is reported.

    Parameters
    ----------
    compared
        Called with the number of scans read for the comparison.
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
    """Return a sentence on classes without a scan in the sampled test set."""
    return (
        f"No scan of {', '.join(classes)} is kept for the test: its figures will say nothing about such "
        f"scans. To test a class, at least {needed} patients, or groups of related scans, are needed."
    )


def _why(apart: _Apart, missing: set[str], crossing: int, trained: int) -> str:
    """Return sentences on why classes may be left without scans, such as too few groups.

    ``crossing`` scans were left out as related to given validation scans, and ``trained`` scans trained
    the model to fine-tune.
    """
    text = ""
    if trained:
        text += (
            f"{trained:,} scans trained the model to fine-tune and must stay in training, unless you "
            f"begin with other weights. "
        )
    if apart.shared:
        text += (
            f"{apart.shared:,} scans were left out, since they copy a test scan or are of the same "
            f"patient. "
        )
    if crossing:
        text += (
            f"{crossing:,} training scans were left out, since they copy a scan of the data set's "
            f"validation part, are slices beside it or of the same patient. "
        )
    few = []
    for name in sorted(missing):
        of_class = apart.groups[[scan.label == name for scan in apart.rest]]
        count = len(np.unique(of_class))
        if 0 < count < min(len(of_class), GROUPS_TO_TEST):
            few.append(f"{len(of_class):,} scans of {name} form {counted(count, 'group')}")
    if few:
        text += (
            f"Copies, neighbouring slices and scans of one patient form a group that stays in one "
            f"part; {', '.join(few)}. Add scans of other patients. If patient or study numbers in the "
            f"files are wrong, a table with the column patient takes precedence over them. "
        )
    return text


def _apart(
    rest: list[LabelledScan],
    test: list[LabelledScan],
    trained: frozenset[Path],
    compared: Callable[[int], None],
    say: Callable[[str], None],
) -> _Apart:
    """Leave out scans that relate test scans to the others, and group the rest.

    Test scans related to scans that trained the network before are left out; otherwise the scans
    related to test scans are.
    """
    of_rest, of_test, names = _numbered(rest, test, compared, say)
    knows = _among(rest, trained)
    learned = _sharing(of_test, of_rest[knows], [(of, by[knows]) for by, of in names])
    if learned.any():
        say(
            f"Left out: {counted(int(learned.sum()), 'test scan')} related to training scans of the "
            f"model to fine-tune (copies or one patient)."
        )
    test, of_test = _of(test, ~learned), of_test[~learned]
    shared = _sharing(of_rest, of_test, [(of, by[~learned]) for of, by in names])
    if shared.any():
        say(_left_out(int(shared.sum())))
    rest, of_rest = _of(rest, ~shared), of_rest[~shared]
    alike = (pair.indices for pair in find_copies(of_rest, of_rest, NEAR_CORRELATION))
    of_one = (linked(of[~shared].tolist()) for of, _by in names)
    groups = group_linked(chain(alike, *of_one), len(rest))
    return _Apart(rest, test, groups, int(shared.sum()), int(learned.sum()))


def _left_out(count: int) -> str:
    return (
        f"Left out, for copying a test scan or being of the same patient: {counted(count, 'scan')}."
    )


def _numbered(
    rest: list[LabelledScan],
    test: list[LabelledScan],
    compared: Callable[[int], None],
    say: Callable[[str], None],
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], _Names]:
    """Return the thumbnails of both lists, and their numbers of known and of inferred patients."""
    scans = [*rest, *test]
    say(f"Comparing {counted(len(scans), 'scan')} in eight orientations …")
    thumbnails = signatures(scans, compared)
    of_rest, of_test = np.split(thumbnails, [len(rest)])
    # On all scans together, which decide whether a number distinguishes patients.
    patients = group_linked(same_patient(scans, say), len(scans))
    in_order = list(neighbours(scans, thumbnails))
    if following := len({max(pair) for pair in in_order}):
        say(
            f"Files seem to be numbered patient by patient. Kept together with the similar scan "
            f"before: {counted(following, 'scan')}."
        )
    heads = group_linked(in_order, len(scans))
    names = [np.split(one, [len(rest)]) for one in (patients, heads)]
    return of_rest, of_test, [(of, by) for of, by in names]


def _sharing(
    thumbnails: NDArray[np.uint8],
    others: NDArray[np.uint8],
    names: _Names,
) -> NDArray[np.bool_]:
    """Return which scans copy one of the others or share a group number with one; (n,).

    ``names`` has the group numbers of the scans and of the others.
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

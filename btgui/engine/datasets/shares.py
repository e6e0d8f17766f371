"""How an audited data set will be split into training, validation and test, if that is possible.

The functions take the scans of a data set, a training request (whose own data sets are ignored)
and the findings of ``audit --json``, which are empty before the audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted, one_or, some_of
from btgui.engine.datasets.dataset import MINIMUM_CLASSES, LabelledScan, classes_of, without
from btgui.engine.datasets.dealing import GROUPS_TO_CHOOSE, GROUPS_TO_TEST, deal
from btgui.engine.training_request import TrainingRequest

Audit = Mapping[str, Any]
MINIMUM_SCANS = 10
# Fewer scans of a class cannot be split between training and validation.
_MINIMUM_TO_LEARN = 5


@dataclass(frozen=True)
class ScanShares:
    """Numbers of scans in each part; approximate where the run itself samples the split.

    ``copies`` and ``crossing`` count the scans that the honest protocol excludes: those related to test
    scans, and training scans related to validation scans of the data set.
    """

    training: int
    validation: int
    test: int
    copies: int
    crossing: int = 0


def scan_shares(scans: list[LabelledScan], request: TrainingRequest, audit: Audit) -> ScanShares:
    """Split the scans as the run will, and return the number in each part.

    The run samples its own assignment of groups, so that its numbers may differ slightly.
    """
    used = without(scans, frozenset(map(Path, request.left_out)))
    rest = [scan for scan in used if scan.split != "test"]
    kept = _without_copies(rest, request, audit)
    groups = _groups(kept, request, audit)
    giving = {scan.source for scan in kept if scan.split == "validation"}
    test = len(used) - len(rest)
    tested = np.zeros(len(kept), bool)
    if not test:
        is_open = np.array([scan.split == "" for scan in kept], bool)
        needed = GROUPS_TO_CHOOSE if giving else GROUPS_TO_TEST
        generator = np.random.default_rng(0)
        tested = deal(kept, groups, is_open, is_open, request.test_fraction, generator, needed)
        test = int(tested.sum())
    learning = [scan for scan, is_tested in zip(kept, tested, strict=True) if not is_tested]
    asked = np.array([scan.source not in giving for scan in learning], bool)
    drawn = deal(
        learning,
        groups[~tested],
        asked,
        asked,
        request.validation_fraction,
        np.random.default_rng(0),
        GROUPS_TO_CHOOSE,
    )
    choosing = sum(scan.split == "validation" for scan in learning) + int(drawn.sum())
    crossing = int(_crossing(kept, groups).sum())
    training = len(learning) - choosing - crossing
    return ScanShares(training, choosing, test, len(rest) - len(kept), crossing)


def way_out(scans: list[LabelledScan], request: TrainingRequest, audit: Audit) -> tuple[str, str]:
    """Return why the scans cannot be trained on, and what to do; two empty texts if they can."""
    unreadable = {one["path"] for one in audit.get("unreadable", ())}
    left = without(scans, frozenset(map(Path, {*request.left_out, *unreadable})))
    if len(classes_of(left)) < MINIMUM_CLASSES:
        return (
            "Scans of fewer than two classes are left.",
            (
                "Training needs at least two classes. Choose a data set that has them, or include "
                "scans that you have left out."
            ),
        )
    kept = _without_copies([scan for scan in left if scan.split != "test"], request, audit)
    groups = _groups(kept, request, audit)
    crossing = _crossing(kept, groups)
    learning = [scan for scan, crosses in zip(kept, crossing, strict=True) if not crosses]
    names = dict(request.display_names)
    few, none = [], []
    for label in classes_of(scans):
        count = sum(scan.label == label for scan in left)
        to_learn = sum(scan.label == label for scan in learning)
        if count < MINIMUM_SCANS:
            few.append(f"{count} of “{names.get(label, label)}”")
        elif to_learn < _MINIMUM_TO_LEARN:
            none.append(f"{to_learn} of “{names.get(label, label)}”")
    if few:
        return (
            (
                f"At least {MINIMUM_SCANS} readable scans of each class are needed; there are "
                f"{some_of(few)}."
            ),
            (
                f"Add scans of {one_or(len(few), 'that class', 'those classes')} and choose the data set "
                f"again, or remove {one_or(len(few), 'that class', 'those classes')} from it."
            ),
        )
    if none:
        return (
            (
                f"At least {_MINIMUM_TO_LEARN} scans of each class are needed for training and "
                f"validation, besides the test; there are {some_of(none)}."
            ),
            (
                "Add scans of other patients to the training part: scans related to the validation part "
                "(copies, neighbouring slices, or scans of one patient) are left out of it."
                if crossing.any()
                else f"Add scans of {one_or(len(none), 'that class', 'those classes')} to the training "
                f"part, or remove {one_or(len(none), 'its', 'their')} copies from the test part."
            ),
        )
    given = {scan.split for scan in left}
    tests = "test" not in given and "" in given and request.test_fraction > 0
    needed = (GROUPS_TO_TEST if tests else GROUPS_TO_CHOOSE) - ("validation" in given)
    # A group with a scan of the validation part neither trains nor tests.
    free = {
        (scan.label, group)
        for scan, group, crosses in zip(kept, groups.tolist(), crossing, strict=True)
        if scan.split != "validation" and not crosses
    }
    counts = Counter(label for label, _group in free)
    few = [
        f"{counts[label]} of “{names.get(label, label)}”"
        for label in classes_of(left)
        if counts[label] < needed
    ]
    if few:
        besides = " besides those in the validation part" if "validation" in given else ""
        return (
            (
                f"At least {counted(needed, 'patient')} of each class {one_or(needed, 'is', 'are')} "
                f"needed{besides}; there are {some_of(few)}."
            ),
            (
                "Scans of one patient, copies and neighbouring slices stay together and count as one; "
                "otherwise the test would measure memorisation. Add scans of other patients. If "
                "patient IDs in the files are wrong, choose a table with the column patient."
            ),
        )
    return "", ""


def _without_copies(
    scans: list[LabelledScan], request: TrainingRequest, audit: Audit
) -> list[LabelledScan]:
    """Return the scans that the honest protocol keeps; all of them under another protocol.

    It excludes copies of test scans, and scans of a tested patient or head.
    """
    if request.protocol != "honest":
        return scans
    leaks = [pair for pair in audit.get("leaks", ()) if pair["kind"] != "near"]
    copies = {pair[pair["between"][1]] for pair in leaks if pair["between"][0] == "test"}
    copies |= set(audit.get("with_tested", ()))
    return [scan for scan in scans if str(scan.path) not in copies]


def _crossing(scans: list[LabelledScan], groups: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which scans a run leaves out, as a scan of their group is in the validation part; (n,)."""
    given = np.array([scan.split == "validation" for scan in scans], bool)
    return ~given & np.isin(groups, groups[given])


def _groups(scans: list[LabelledScan], request: TrainingRequest, audit: Audit) -> NDArray[np.int64]:
    """Return the group number of each scan, (n,); a group stays on one side of the split."""
    together = audit.get("together", ()) if request.protocol == "honest" else ()
    group_of = {path: number for number, group in enumerate(together) for path in group}
    alone = range(len(together), len(together) + len(scans))
    return np.array(
        [group_of.get(str(scan.path), number) for scan, number in zip(scans, alone, strict=True)],
        np.int64,
    )

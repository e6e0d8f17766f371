"""How many scans of a draft train, choose the best epoch, test, and are left out as copies; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.dealing import GROUPS_TO_CHOOSE, GROUPS_TO_TEST, deal
from btgui.views.training_wizard.draft import Draft


@dataclass(frozen=True)
class ScanShares:
    """Numbers of scans; about right where the run itself draws who is on which side."""

    training: int
    validation: int
    test: int
    copies: int


def copies_left_out(draft: Draft) -> set[str]:
    """Return the scans that the honest protocol leaves out.

    They copy a test or validation scan, or are of a tested patient or head.
    """
    if draft.protocol != "honest":
        return set()
    audit = draft.audit or {}
    # Of a pair across two parts, the second is what is left out.
    leaks = audit.get("leaks", ())
    copies = {pair[pair["between"][1]] for pair in leaks if pair["kind"] != "near"}
    return copies | set(audit.get("with_tested", ()))


def groups_of(draft: Draft, scans: Sequence[LabelledScan]) -> NDArray[np.int64]:
    """Return the number of each scan's group, whose scans stay on one side of the split; (n,)."""
    together = (draft.audit or {}).get("together", ()) if draft.protocol == "honest" else ()
    group_of = {path: number for number, group in enumerate(together) for path in group}
    alone = range(len(together), len(together) + len(scans))
    return np.array(
        [group_of.get(str(scan.path), number) for scan, number in zip(scans, alone, strict=True)],
        np.int64,
    )


def scan_shares(
    draft: Draft, validation_fraction: float | None = None, test_fraction: float | None = None
) -> ScanShares:
    """Share a draft's scans out as the run will; with other fractions than its own if given.

    Which group goes where is drawn anew by the run: the numbers differ a little then.
    """
    choose = draft.validation_fraction if validation_fraction is None else validation_fraction
    keep = draft.test_fraction if test_fraction is None else test_fraction
    used = [scan for scan in draft.scans if scan.path not in draft.left_out]
    copies = copies_left_out(draft)
    rest = [scan for scan in used if scan.split != "test"]
    kept = [scan for scan in rest if str(scan.path) not in copies]
    groups = groups_of(draft, kept)
    giving = {scan.source for scan in kept if scan.split == "validation"}
    test = len(used) - len(rest)
    tested = np.zeros(len(kept), bool)
    if not test:
        is_open = np.array([scan.split == "" for scan in kept], bool)
        needed = GROUPS_TO_CHOOSE if giving else GROUPS_TO_TEST
        tested = deal(kept, groups, is_open, is_open, keep, np.random.default_rng(0), needed)
        test = int(tested.sum())
    learning = [scan for scan, is_tested in zip(kept, tested, strict=True) if not is_tested]
    asked = np.array([scan.source not in giving for scan in learning], bool)
    generator = np.random.default_rng(0)
    drawn = deal(learning, groups[~tested], asked, asked, choose, generator, GROUPS_TO_CHOOSE)
    choosing = sum(scan.split == "validation" for scan in learning) + int(drawn.sum())
    return ScanShares(len(learning) - choosing, choosing, test, len(rest) - len(kept))

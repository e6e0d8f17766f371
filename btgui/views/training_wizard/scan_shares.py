"""How many scans of a draft train, choose the best epoch, test, and are left out as copies; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from btgui.views.training_wizard.draft import Draft


@dataclass(frozen=True)
class ScanShares:
    """Numbers of scans; about right where the run itself draws who is on which side."""

    training: int
    validation: int
    test: int
    copies: int


def copies_left_out(draft: Draft) -> set[str]:
    """Return the scans that the honest protocol leaves out: copies of test or validation scans."""
    if draft.protocol != "honest":
        return set()
    leaks = (draft.audit or {}).get("leaks", ())
    # Of a pair across two parts, the second is what is left out.
    return {pair[pair["between"][1]] for pair in leaks if pair["kind"] != "near"}


def scan_shares(
    draft: Draft, validation_fraction: float | None = None, test_fraction: float | None = None
) -> ScanShares:
    """Share a draft's scans out as the run will; with other fractions than its own if given."""
    choose = draft.validation_fraction if validation_fraction is None else validation_fraction
    keep = draft.test_fraction if test_fraction is None else test_fraction
    used = [scan for scan in draft.scans if scan.path not in draft.left_out]
    copies = copies_left_out(draft)
    rest = [scan for scan in used if scan.split != "test"]
    kept = [scan for scan in rest if str(scan.path) not in copies]
    named_tests = len(used) - len(rest)
    test = named_tests or round(len(kept) * keep)
    learning = len(kept) if named_tests else len(kept) - test
    choosing = sum(scan.split == "validation" for scan in kept)
    choosing = choosing or round(learning * choose)
    return ScanShares(learning - choosing, choosing, test, len(rest) - len(kept))

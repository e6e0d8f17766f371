from dataclasses import replace

from btgui.views.training_wizard.scan_shares import ScanShares, scan_shares


def test_the_run_s_shares_are_told_before_it(draft):
    # 24 scans to train on, of which a fifth chooses, and 4 to test on.
    assert scan_shares(draft) == ScanShares(19, 5, 4, 0)
    draft.scans = [replace(scan, split="") for scan in draft.scans]
    assert scan_shares(draft) == ScanShares(19, 5, 4, 0)
    assert scan_shares(draft, 0.5, 0.5) == ScanShares(7, 7, 14, 0)


def test_what_is_left_out_does_not_count(draft, audit_of, leak):
    draft.audit = audit_of(draft, leaked_test_scans=1, leaks=[leak])
    assert scan_shares(draft) == ScanShares(18, 5, 4, 1)
    draft.protocol = "published"
    assert scan_shares(draft) == ScanShares(19, 5, 4, 0)
    draft.left_out = {scan.path for scan in draft.scans if scan.split == "test"}
    assert scan_shares(draft).training + scan_shares(draft).validation == 20


def test_scans_named_for_validation_are_all_that_choose(draft):
    draft.scans = [replace(draft.scans[0], split="validation"), *draft.scans[1:]]
    assert scan_shares(draft).validation == 1

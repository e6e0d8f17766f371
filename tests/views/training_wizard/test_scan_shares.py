from dataclasses import replace

from btgui.views.training_wizard.scan_shares import ScanShares, scan_shares


def test_the_run_s_shares_are_told_before_it(draft):
    # 24 scans to train on, of which a fifth of each class chooses, and 4 to test on.
    assert scan_shares(draft) == ScanShares(20, 4, 4, 0)
    draft.scans = [replace(scan, split="") for scan in draft.scans]
    assert scan_shares(draft) == ScanShares(20, 4, 4, 0)
    assert scan_shares(draft, 0.5, 0.5) == ScanShares(6, 8, 14, 0)


def test_what_is_left_out_does_not_count(draft, audit_of, leak):
    draft.audit = audit_of(draft, leaked_test_scans=1, leaks=[leak])
    assert scan_shares(draft) == ScanShares(19, 4, 4, 1)
    draft.protocol = "published"
    assert scan_shares(draft) == ScanShares(20, 4, 4, 0)
    draft.left_out = {scan.path for scan in draft.scans if scan.split == "test"}
    # What the data set gives to training is not tested, whatever becomes of its test.
    assert scan_shares(draft) == ScanShares(20, 4, 0, 0)


def test_scans_of_one_patient_are_shared_out_together(draft, audit_of):
    draft.scans = [replace(scan, split="") for scan in draft.scans]
    draft.audit = audit_of(draft)
    draft.audit["together"] = [
        [str(scan.path) for scan in draft.scans if scan.label == label][start : start + 7]
        for label in ("glioma", "notumor")
        for start in (0, 7)
    ]
    # Two patients a class cannot train, choose and test.
    assert scan_shares(draft) == ScanShares(14, 14, 0, 0)
    draft.audit["together"] = [group[i::2] for group in draft.audit["together"] for i in (0, 1)]
    shares = scan_shares(draft)
    assert shares.test in (6, 7, 8)
    assert shares.validation in (6, 7, 8)


def test_scans_of_a_tested_patient_do_not_train(draft, audit_of):
    draft.audit = audit_of(draft, with_tested=[str(draft.scans[0].path), str(draft.scans[1].path)])
    assert scan_shares(draft).copies == 2


def test_scans_named_for_validation_are_all_that_choose(draft):
    draft.scans = [replace(draft.scans[0], split="validation"), *draft.scans[1:]]
    assert scan_shares(draft).validation == 1

"""Whether what is left of a checked data set can be trained on; no Qt."""

from __future__ import annotations

from pathlib import Path

from btgui.engine.datasets.dataset import MINIMUM_CLASSES, LabelledScan, classes_of, without
from btgui.engine.datasets.dealing import GROUPS_TO_CHOOSE, GROUPS_TO_TEST
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.scan_shares import copies_left_out, groups_of

MINIMUM_SCANS = 10
# Fewer cannot be shared out between training and validation.
_MINIMUM_TO_LEARN = 5


def way_out(draft: Draft) -> tuple[str, str]:
    """Return why a checked draft cannot be trained on and what to do; two empty texts if it can."""
    audit = draft.audit or {}
    unreadable = {Path(one["path"]) for one in audit.get("unreadable", ())}
    left = without(draft.scans, frozenset(draft.left_out | unreadable))
    if len(classes_of(left)) < MINIMUM_CLASSES:
        return (
            "Scans of fewer than two classes are left.",
            (
                "A network learns to tell classes apart. Choose a data set with scans of at least two, "
                "or keep scans that you have left out."
            ),
        )
    copies = copies_left_out(draft)
    learning = [scan for scan in left if scan.split != "test" and str(scan.path) not in copies]
    few, none = [], []
    for label in classes_of(draft.scans):
        name = draft.display_names.get(label, label)
        count = sum(scan.label == label for scan in left)
        to_learn = sum(scan.label == label for scan in learning)
        if count < MINIMUM_SCANS:
            few.append(f"{count} of “{name}”")
        elif to_learn < _MINIMUM_TO_LEARN:
            none.append(f"{to_learn} of “{name}”")
    if few:
        return (
            (
                f"At least {MINIMUM_SCANS} readable scans of each class are needed; there are "
                f"{', '.join(few)}."
            ),
            (
                "Add scans of that class to the data set and choose it again, or take the class's folder "
                "out of it."
            ),
        )
    if none:
        return (
            (
                f"At least {_MINIMUM_TO_LEARN} scans of each class must be left to learn from, beside "
                f"the test; there are {', '.join(none)}."
            ),
            "Add scans of that class to the training part, or remove its copies from the test part.",
        )
    return _too_few_patients(draft, left, learning)


def _too_few_patients(
    draft: Draft, left: list[LabelledScan], learning: list[LabelledScan]
) -> tuple[str, str]:
    """Return why scans that stay together cannot be shared out, and what to do."""
    given = {scan.split for scan in left}
    needed = GROUPS_TO_CHOOSE if "test" in given or not draft.test_fraction else GROUPS_TO_TEST
    needed -= "validation" in given
    groups = groups_of(draft, learning).tolist()
    few = []
    for label in classes_of(left):
        count = len({g for g, scan in zip(groups, learning, strict=True) if scan.label == label})
        if count < needed:
            few.append(f"{count} of “{draft.display_names.get(label, label)}”")
    if not few:
        return "", ""
    return (
        f"At least {needed} patients of each class are needed; there are {', '.join(few)}.",
        (
            "Scans of one patient, copies and neighbouring slices stay together and count as one: "
            "else the test would be of what was learned by heart. Add scans of other patients. Where "
            "patient numbers in the files are wrong, choose a table with the column patient."
        ),
    )

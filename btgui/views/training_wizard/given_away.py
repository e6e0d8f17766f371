"""Findings on shortcuts that give a class away without anatomy, in plain words; no Qt."""

from __future__ import annotations

from typing import Any

from btgui.views.text import percent_exactly
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.finding import Finding

# By the audit's key: what differs, and how a value is attributed to files.
_UNEVEN = {
    "sizes": ("sizes", "have {} pixels"),
    "modes": ("depths or colours", "are of {}"),
}


def shortcuts(draft: Draft) -> list[Finding]:
    """Return a finding for each class that crude properties of its pictures give away."""
    return [
        Finding(
            "alarm",
            f"“{draft.shown_as(one['label'])}” can be recognised without anatomy",
            f"Crude properties alone ({', '.join(one['strongest'])}) distinguish these scans from "
            f"the others almost every time.",
            "The network may learn where a scan comes from instead of what it shows, and fail on "
            "scans from elsewhere. Add scans of this class from the same scanners as the others.",
            more=(
                f"A simple classifier that sees only the picture's size, border, share of black, "
                f"brightness, contrast and spread of grey levels had to distinguish this class from "
                f"the others, on scans that it was not trained on. Its area under the ROC curve "
                f"is {one['auc']:.2f}, where 0.5 is chance and 1 is perfect; btgui warns from "
                f"0.95 on. Usual reasons: the class was collected elsewhere, with another "
                f"sequence, or saved in another way. Training works as usual; random changes of "
                f"grey levels (the recommended preset) make it harder to learn such a shortcut, but "
                f"only other scans remove it."
            ),
        )
        for one in draft.audit["shortcuts"]
        if one["alarm"]
    ]


def uneven(draft: Draft) -> list[Finding]:
    """Return a finding each for sizes and for depths or colours that differ between classes."""
    return [
        Finding(
            "alarm",
            f"Files of different classes have different {what}",
            " ".join(_unlike(one, having, draft) for one in draft.audit["uneven"][kind]),
            "The classes may come from different sources. The network is fed greyscale pictures of "
            "one size, yet it can still learn how the files were saved instead of what they show, "
            "and fail on scans from elsewhere. Add scans of each class from the sources of the "
            "others.",
            more=(
                f"For each class, btgui takes the one of the {what} whose share differs most "
                f"from its share in all other classes together. It warns where the two shares "
                f"differ by 30 percentage points or more and chance is an unlikely cause (Fisher's "
                f"exact test). Scaling and compression leave traces that remain when a picture "
                f"is resized. Training works as usual; only other scans remove the difference."
            ),
        )
        for kind, (what, having) in _UNEVEN.items()
        if draft.audit["uneven"][kind]
    ]


def _unlike(one: dict[str, Any], having: str, draft: Draft) -> str:
    share, others = (percent_exactly(one[of], 0) for of in ("share", "others"))
    having = having.format(one["value"])
    return f"{share} of the files of “{draft.shown_as(one['label'])}” {having}; of the others, {others}."

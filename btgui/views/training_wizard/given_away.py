"""Findings on what gives a class away without anatomy, in plain words; no Qt."""

from __future__ import annotations

from typing import Any

from btgui.views.text import percent_exactly
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.finding import Finding

# A kind of the audit's: what differs, and a value as it is said of files.
_UNEVEN = {
    "sizes": ("sizes", "have {} pixels"),
    "modes": ("depths or colours", "are of {}"),
}


def shortcuts(draft: Draft) -> list[Finding]:
    """Return a finding for each class that crude properties of the picture give away."""
    return [
        Finding(
            "alarm",
            f"“{draft.shown_as(one['label'])}” can be told without anatomy",
            f"Crude properties alone ({', '.join(one['strongest'])}) tell these scans from the "
            f"others almost every time.",
            "The network may learn where a scan comes from, not what it shows, and fail on scans "
            "from elsewhere. Add scans of this class from the scanners that the others come from.",
            more=(
                f"A simple program that sees only the picture's size, border, share of black, "
                f"brightness, contrast and spread of greys was asked to tell this class from the "
                f"others, on scans that it had not been trained on. Its area under the ROC curve "
                f"is {one['auc']:.2f}, where 0.5 is chance and 1 is always right; from 0.95 on "
                f"btgui warns. Usual reasons: the class was collected elsewhere, in another "
                f"sequence, or saved in another way. Training goes on as usual; random changes of "
                f"the greys (the recommended preset) make it harder to learn such a shortcut, but "
                f"only other scans remove it."
            ),
        )
        for one in draft.audit["shortcuts"]
        if one["alarm"]
    ]


def uneven(draft: Draft) -> list[Finding]:
    """Return a finding for sizes, and one for depths and colours, that tell classes apart."""
    return [
        Finding(
            "alarm",
            f"Files of different classes have different {what}",
            " ".join(_unlike(one, having, draft) for one in draft.audit["uneven"][kind]),
            "The classes may come from different sources. The network is fed grey pictures of one "
            "size, yet it can still learn how the files were saved, not what they show, and fail "
            "on scans from elsewhere. Add scans of each class from the sources of the others.",
            more=(
                f"Of each class, btgui looks at that one of the {what} whose share differs most "
                f"from its share in all other classes together. It warns where the two differ by "
                f"30 points or more and chance alone would hardly bring that about (Fisher's "
                f"exact test). Scaling and compression leave marks in a picture that stay when it "
                f"is resized. Training goes on as usual; only other scans remove the difference."
            ),
        )
        for kind, (what, having) in _UNEVEN.items()
        if draft.audit["uneven"][kind]
    ]


def _unlike(one: dict[str, Any], having: str, draft: Draft) -> str:
    share, others = (percent_exactly(one[of], 0) for of in ("share", "others"))
    having = having.format(one["value"])
    return f"{share} of the files of “{draft.shown_as(one['label'])}” {having}; of the others, {others}."

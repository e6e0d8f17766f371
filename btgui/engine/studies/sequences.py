"""What kind of MR sequence a series is, in the words that radiologists use.

Only the series description is asked, and only for words that mean one thing: what it does
not name stays unknown. "FLAIR" wins over the "T2" that often stands beside it.
"""

from __future__ import annotations

import re

_WORDS = (
    ("FLAIR", r"flair|dark.?fluid"),
    ("DWI", r"dwi|diff(usion)?|adc|trace|dti"),
    ("SWI", r"swi|swan|susceptibility"),
    ("T1", r"t1w?|mprage|bravo"),
    ("T2", r"t2w?"),
)


def sequence_of(description: str) -> str:
    """Return "FLAIR", "DWI", "SWI", "T1" or "T2", and "" where the description names none."""
    for name, words in _WORDS:
        if re.search(rf"(?<![a-z0-9])({words})(?![a-z0-9])", description.casefold()):
            return name
    return ""

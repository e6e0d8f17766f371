"""What kind of MR sequence a series is, in the words that radiologists use.

The description and the sequence's name are asked first, for words that mean one thing;
"FLAIR" wins over the "T2" that often stands beside it. Where they name nothing, times
decide that are typical of spin echo at 1.5 and 3 tesla; all else stays unknown.
"""

from __future__ import annotations

import re

from btgui.engine.studies.headers import Header

_WORDS = (
    ("FLAIR", r"flair|dark.?fluid|t2f"),
    ("DWI", r"dwi|diff(usion)?|adc|trace|dti"),
    ("SWI", r"swi|swan|susceptibility"),
    ("T1", r"t1(w|c|ce|gd|n)?|mprage|bravo"),
    ("T2", r"t2w?"),
)
# Milliseconds. Between the two, proton density and mixed weightings: not told.
_SHORT_ECHO, _LONG_ECHO = 30.0, 80.0
_SHORT_REPETITION, _LONG_REPETITION = 800.0, 2000.0
_FLAIR_INVERSION = 1500.0  # where the signal of free water is nulled


def sequence_of_header(header: Header) -> str:
    """Return "FLAIR", "DWI", "SWI", "T1" or "T2", and "" where the header does not tell."""
    for text in (header.description, header.variant):
        if word := sequence_of(text):
            return word
    return _of_times(header)


def sequence_of(text: str) -> str:
    """Return what a description names: "FLAIR", "DWI", "SWI", "T1", "T2" or ""."""
    for name, words in _WORDS:
        if re.search(rf"(?<![a-z0-9])({words})(?![a-z0-9])", text.casefold()):
            return name
    return ""


def _of_times(header: Header) -> str:
    echo, repetition = header.echo_ms, header.repetition_ms
    if header.modality != "MR" or "SE" not in header.scanning or not echo or not repetition:
        return ""
    if header.inversion_ms:
        return "FLAIR" if header.inversion_ms > _FLAIR_INVERSION and echo > _LONG_ECHO else ""
    if echo < _SHORT_ECHO and repetition < _SHORT_REPETITION:
        return "T1"
    return "T2" if echo > _LONG_ECHO and repetition > _LONG_REPETITION else ""

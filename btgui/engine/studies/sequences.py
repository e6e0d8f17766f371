"""The kind of MR sequence of a series, in the terms that radiologists use.

AcquisitionContrast, which enhanced files state, takes precedence. Next, the description and the
sequence name are searched for unambiguous words. If these yield nothing, the times of a spin echo
decide, by limits typical of 1.5 and 3 tesla; anything else stays unknown.
"""

from __future__ import annotations

import re

from btgui.engine.dicom.headers import Header
from btgui.engine.dicom.traits import Traits

# DICOM PS3.3 C.8.13.3.1.1, without UNKNOWN and values that are not contrasts.
_STATED = {
    "T1": "T1",
    "T2": "T2",
    "T2_STAR": "T2*",
    "FLUID_ATTENUATED": "FLAIR",
    "PROTON_DENSITY": "PD",
    "STIR": "STIR",
    "DIFFUSION": "DWI",
    "PERFUSION": "perfusion",
    "TOF": "MRA",
    "FLOW_ENCODED": "MRA",
}
# The first match wins: "FLAIR" over the "T2" that often accompanies it.
_WORDS = {
    "FLAIR": r"(t[12](w|wi)?)?flair[a-z0-9]*|dark.?fluid|t2f",
    "DWI": r"dwi(bs)?|diff(usion)?|e?adc|tracew?|dti|ep_b\d+[a-z0-9#]*",
    "SWI": r"swip?|swi3d[a-z0-9]*|swan|susceptibility|(mag|pha|mip).images",
    "perfusion": r"perf(usion)?|pwi|dsc|p?c?asl|r?cb[vf]",
    "MRA": r"(3d)?tof(3d)?|mra|(mr)?angio(graphy)?",
    "T2*": (
        r"t2\*w?i?|t2.?star[a-z0-9]*|t2w?.?(gre|ffe|(fl|me)[23]d|flash|hemo|medic)[a-z0-9]*|gre.t2w?"
    ),
    "T1 map": r"t1.?map(s|ping)?|t1.?rho|molli",
    "T2 map": r"t2.?map(s|ping)?",
    "STIR": r"t?stir",
    "TIRM": r"tirm",
    "T1": r"(s|[23]d|ax|sag|cor|tra)?t1[a-z]*|mp2?.?rage|tfl3d[a-z0-9]*|bravo|(f?spgr)|vibe",
    "PD": r"(s|ax|sag|cor|tra)?pdw?i?|proton.?density",
    "T2": r"(s|[23]d|ax|sag|cor|tra)?t2[a-z]*",
}
# Milliseconds. Between the two lie proton density and mixed weightings, which stay unknown.
_SHORT_ECHO, _LONG_ECHO = 30.0, 80.0
_SHORT_REPETITION, _LONG_REPETITION = 800.0, 2000.0
_FLAIR_INVERSION = 1500.0  # where the signal of free water is nulled


def sequence_of_header(header: Header, traits: Traits) -> str:
    """Return "T1", "T2", "FLAIR" and so on; "" where the header does not state the sequence.

    ``traits`` are those of the image in question, because a file may hold several echoes.
    """
    if word := _STATED.get(header.acquired_contrast):
        return word
    times = _spin_echo_times(header, traits)
    for text in (header.description, header.variant):
        if word := sequence_of(text):
            return _of_echo(word, text, *times) if times and word in {"PD", "T2"} else word
    return _of_times(*times, traits.inversion_ms) if times else ""


def sequence_of(text: str) -> str:
    """Return the sequence that a description names: "FLAIR", "DWI", "T1" and so on, or ""."""
    plain = text.casefold()
    found = [name for name, words in _WORDS.items() if _named(words, plain)]
    if "FLAIR" in found and "T1" in found and "T2" not in found:
        return "T1"  # in T1 FLAIR, inversion strengthens the T1 contrast
    return found[0] if found else ""


def _spin_echo_times(header: Header, traits: Traits) -> tuple[float, float] | None:
    """Return echo and repetition time of a spin echo; None for other sequences or where unknown."""
    if header.modality != "MR" or "SE" not in header.scanning:
        return None
    echo, repetition = traits.echo_ms, header.repetition_ms
    return (echo, repetition) if echo and repetition else None


def _of_echo(word: str, text: str, echo: float, repetition: float) -> str:
    """Return the contrast of one echo of a double-echo sequence.

    The description "PD/T2 TSE", and often "T2 TSE", is that of both echoes.
    """
    if repetition < _LONG_REPETITION:
        return word
    if word == "PD" and echo > _LONG_ECHO and _named(_WORDS["T2"], text.casefold()):
        return "T2"
    return "PD" if echo < _SHORT_ECHO else word


def before_sequence(text: str) -> str:
    """Return the text before the first word that names a sequence; all of it where none does."""
    plain = text.casefold()
    found = [match.start() for words in _WORDS.values() if (match := _named(words, plain))]
    return text[: min(found)] if found else text


def _named(words: str, plain: str) -> re.Match[str] | None:
    return re.search(rf"(?<![a-z0-9])({words})(?![a-z0-9])", plain)


def _of_times(echo: float, repetition: float, inversion: float | None) -> str:
    if inversion:
        return "FLAIR" if inversion > _FLAIR_INVERSION and echo > _LONG_ECHO else ""
    if echo < _SHORT_ECHO and repetition < _SHORT_REPETITION:
        return "T1"
    return "T2" if echo > _LONG_ECHO and repetition > _LONG_REPETITION else ""

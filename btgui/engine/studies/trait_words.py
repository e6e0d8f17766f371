"""Names for the volumes of a series in a radiologist's terms, such as "echo 2 (TE 98 ms)"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from btgui.engine.dicom.traits import NOTHING, Traits

OTHERS = "other images"
UNPLACED = "without a position"
MAGNITUDE = "magnitude"
# Values of ImageType, FrameType and ComplexImageComponent; the first match wins.
_KINDS = {
    "ADC": "ADC",
    "EADC": "exponential ADC",
    "EXP": "exponential ADC",
    "FA": "fractional anisotropy",
    "T1 MAP": "T1 map",
    "T2 MAP": "T2 map",
    "T2_STAR MAP": "T2* map",
    "MODULUS SUBTRACT": "subtraction",
    "SUBTRACTION": "subtraction",
    "SUB": "subtraction",
    "TRACEW": "trace",
    "TRACE": "trace",
    "ISOTROPIC": "trace",
    "WATER": "water",
    "W": "water",
    "FAT": "fat",
    "F": "fat",
    "IN_PHASE": "in phase",
    "INPHASE": "in phase",
    "IP": "in phase",
    "OPP_PHASE": "opposed phase",
    "OUT_PHASE": "opposed phase",
    "OUT_OF_PHASE": "opposed phase",
    "OPPOSED_PHASE": "opposed phase",
    "OUTPHASE": "opposed phase",
    "OP": "opposed phase",
    "FAT_FRACTION": "fat fraction",
    "FF": "fat fraction",
    "PHASE": "phase",
    "PHASE MAP": "phase",
    "PHASE SUBTRACT": "phase",
    "VELOCITY MAP": "phase",
    "P": "phase",
    "REAL": "real part",
    "R": "real part",
    "IMAGINARY": "imaginary part",
    "I": "imaginary part",
    "MNIP": "minimum intensity projection",
    "MIN_IP": "minimum intensity projection",
    "MIP": "projection",
    "PROJECTION IMAGE": "projection",
    "MAGNITUDE": MAGNITUDE,
    "M": MAGNITUDE,
}
# Not anatomy in a usual contrast, and not what models were trained on.
UNUSUAL_KINDS = frozenset(_KINDS.values()) - {
    MAGNITUDE,
    "trace",
    "water",
    "in phase",
    "opposed phase",
}


def kind_words(kind: str) -> str:
    """Return "phase", "water", "ADC" and so on; "" where the header states no known kind."""
    values = kind.split("\\")
    return next((words for value, words in _KINDS.items() if value in values), "")


def volume_names(volumes: Sequence[Traits], chosen: Sequence[str]) -> list[str]:
    """Return a distinct name for each volume.

    Kinds and b-values are included wherever they differ.

    Parameters
    ----------
    volumes
        The traits of each volume's first slice.
    chosen
        The names of the traits that distinguish the volumes.
    """
    kinds = _kinds([one.kind for one in volumes], all_named="kind" in chosen)
    included = [name for name in chosen if name not in {"kind", "b_value"}]
    if len({one.b_value for one in volumes}) > 1:
        included.insert(0, "b_value")
    names = []
    for one, kind in zip(volumes, kinds, strict=True):
        parts = [kind, *(_words(name, one, volumes) for name in included)]
        others = "derived images" if one.kind.startswith("DERIVED") else OTHERS
        names.append(", ".join(filter(None, parts)) or others)
    counts, seen = Counter(names), Counter[str]()
    for at, name in enumerate(names):
        seen[name] += 1
        if counts[name] > 1:
            names[at] = f"{name} ({seen[name]})"
    return names


def _kinds(kinds: Sequence[str], *, all_named: bool) -> list[str]:
    """Return each volume's kind in words; "" where it does not distinguish the volume."""
    words = {kind: kind_words(kind) for kind in kinds}
    if not all_named:
        plain = {"", MAGNITUDE}
        differ = len(set(words.values())) > 1
        return [words[kind] if differ and words[kind] not in plain else "" for kind in kinds]
    if len(set(filter(None, words.values()))) == len(words):
        return [words[kind] for kind in kinds]
    derived = {kind: "derived" if kind.startswith("DERIVED") else "original" for kind in words}
    words = {kind: words[kind] or derived[kind] for kind in words}
    if len(set(words.values())) == len(words):
        return [words[kind] for kind in kinds]
    shared = set.intersection(*(set(kind.split("\\")) for kind in words))
    apart = {k: " ".join(part for part in k.split("\\") if part not in shared) for k in words}
    return [apart[kind] or words[kind] for kind in kinds]


def _words(name: str, one: Traits, volumes: Sequence[Traits]) -> str:  # noqa: PLR0911  (one a trait)
    value = getattr(one, name)
    if value in NOTHING:
        return ""
    match name:
        case "echo" | "echo_ms":
            number = value if name == "echo" else _rank(name, one, volumes)
            known = {volume.echo_ms for volume in volumes}
            time = f" (TE {_number(one.echo_ms)} ms)" if one.echo_ms and len(known) > 1 else ""
            return f"echo {number}{time}"
        case "b_value":
            return f"b {value:.0f}"
        case "inversion_ms":
            return f"TI {_number(value)} ms"
        case "acquisition" | "stack":
            return f"{name} {value}"
        case "direction" | "volume":
            return f"{name} {_rank(name, one, volumes)}"
        case _:
            return f"time point {value if name == 'time' else _rank(name, one, volumes)}"


def _rank(name: str, one: Traits, volumes: Sequence[Traits]) -> int:
    """Return the rank, from 1, of a volume's value among the values of all volumes."""
    values = [getattr(volume, name) for volume in volumes]
    known = list(dict.fromkeys(value for value in values if value not in NOTHING))
    if name in {"echo_ms", "trigger_ms", "acquired", "volume"}:
        known.sort()
    return known.index(getattr(one, name)) + 1


def _number(value: float) -> str:
    return f"{round(value, 2):g}"

"""A DICOM header in words: every element for the metadata panel, and which of them name the patient."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.uid import UID

from btgui.engine.dicom.confidentiality import identifies

_BINARY = {"OB", "OW", "OF", "OD", "OL", "OV", "UN", "SQ", "OB or OW", "US or OW"}
_LONGEST = 400  # characters of one element's text
_HIGHEST_RATIO = 1e6  # beyond it the header is wrong
_ALWAYS_LOSSY = {
    "1.2.840.10008.1.2.4.50": "JPEG",
    "1.2.840.10008.1.2.4.51": "JPEG",
    "1.2.840.10008.1.2.4.81": "JPEG-LS",
}
_PERHAPS_LOSSY = {
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
}


def header_texts(dataset: Dataset) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return "Keyword (gggg,eeee)" to text, and the keys that identify the patient.

    Binary elements and sequences are left out, damaged elements too.
    """
    texts: dict[str, str] = {}
    identifying = set()
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
            if element.VR in _BINARY:
                continue
            text = str(element.value if element.value is not None else "").strip()
        except Exception:  # noqa: BLE001, S112  (an element is decoded when it is looked at)
            continue
        keyword = keyword_for_tag(tag) or "Private"
        key = f"{keyword} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
        texts[key] = text[:_LONGEST]
        if identifies(element):
            identifying.add(key)
    return MappingProxyType(texts), frozenset(identifying)


def lossy_words(dataset: Dataset, syntax: str) -> str:
    """Return how the picture was compressed with loss, "lossy JPEG, 10:1"; "" where it was not.

    Where neither the header nor the syntax can tell, the words say "possibly".
    """
    said = str(dataset.get("LossyImageCompression") or "").strip()
    if said == "01" or syntax in _ALWAYS_LOSSY:
        method = _ALWAYS_LOSSY.get(syntax) or _PERHAPS_LOSSY.get(syntax, "")
        words = f"lossy {method}" if method else "lossy compression"
        return words + _ratio(dataset)
    if syntax in _PERHAPS_LOSSY and said != "00":
        return f"possibly lossy {_PERHAPS_LOSSY[UID(syntax)]}"
    return ""


def _ratio(dataset: Dataset) -> str:
    value = dataset.get("LossyImageCompressionRatio")
    try:
        # Several steps of compression are listed in order: the last one counts.
        number = float(value[-1] if isinstance(value, list) or hasattr(value, "append") else value)
    except (TypeError, ValueError, IndexError):
        return ""
    if not 1 <= number < _HIGHEST_RATIO:  # below, it says nothing of what was lost
        return ""
    return f", {number:.0f}:1" if number >= 10 else f", {number:.2g}:1"  # noqa: PLR2004

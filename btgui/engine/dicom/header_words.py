"""A DICOM header in words: its elements for the metadata panel, and which identify the patient."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydicom.datadict import keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from btgui.engine.dicom.confidentiality import identifies
from btgui.engine.dicom.header_values import finite, listed_in, text_in

_BINARY = {"OB", "OW", "OF", "OD", "OL", "OV", "UN", "SQ", "OB or OW", "US or OW"}
_LONGEST = 400  # characters of one element's text
_HIGHEST_RATIO = 1e6  # a higher compression ratio is an error in the header
ALWAYS_LOSSY = {JPEGBaseline8Bit: "JPEG", JPEGExtended12Bit: "JPEG", JPEGLSNearLossless: "JPEG-LS"}
_PERHAPS_LOSSY = {JPEG2000: "JPEG 2000", HTJ2K: "HTJ2K"}


def header_texts(dataset: Dataset) -> tuple[Mapping[str, str], frozenset[str]]:
    """Return a mapping of "Keyword (gggg,eeee)" to text, and the keys that identify the patient.

    Binary elements, sequences and damaged elements are omitted.
    """
    texts: dict[str, str] = {}
    identifying = set()
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
            if element.VR in _BINARY:
                continue
            text = str(element.value if element.value is not None else "").strip()
        except Exception:  # noqa: BLE001, S112  (pydicom decodes an element when it is accessed)
            continue
        keyword = keyword_for_tag(tag) or "Private"
        key = f"{keyword} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
        texts[key] = text[:_LONGEST]
        if identifies(element):
            identifying.add(key)
    return MappingProxyType(texts), frozenset(identifying)


def lossy_words(dataset: Dataset, syntax: str) -> str:
    """Return the lossy compression in words, such as "lossy JPEG, 10:1"; "" if there was none.

    The text says "possibly" where neither the header nor the transfer syntax settles it.
    """
    stated = text_in(dataset, "LossyImageCompression")
    if stated == "01" or syntax in ALWAYS_LOSSY:
        method = (ALWAYS_LOSSY | _PERHAPS_LOSSY).get(UID(syntax))
        return (f"lossy {method}" if method else "lossy compression") + _ratio(dataset)
    if syntax in _PERHAPS_LOSSY and stated != "00":
        return f"possibly lossy {_PERHAPS_LOSSY[UID(syntax)]}"
    return ""


def _ratio(dataset: Dataset) -> str:
    # Successive compressions are listed in order: the last ratio is the current one.
    ratios = listed_in(dataset, "LossyImageCompressionRatio")
    number = finite(ratios[-1]) if ratios else None
    # A ratio below 1 is no measure of loss.
    if number is None or not 1 <= number < _HIGHEST_RATIO:
        return ""
    return f", {number:.0f}:1" if number >= 10 else f", {number:.2g}:1"  # noqa: PLR2004

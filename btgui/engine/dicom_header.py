"""What a DICOM header says of a picture for the reader: place, letters, loss, patient, all of it.

Which elements identify the patient follows the basic confidentiality profile (DICOM PS3.15,
table E.1-1), broadly: names, numbers, dates, UIDs, places, free text and everything private.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import (
    JPEG2000,
    UID,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from btgui.engine.studies.geometry import (
    Edges,
    Orientation,
    Vector,
    edges_of,
    normal_of,
    plane_of,
)

_PATIENT_GROUP = 0x0010
_MOST_ELEMENTS = 2000
_LONGEST_TEXT = 400
_BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
# Names, dates and times, and unique numbers.
_PATIENT_KINDS = frozenset({"PN", "DA", "DT", "TM", "UI"})
_PATIENT_WORDS = (
    "Accession",
    "Address",
    "Comment",
    "Department",
    "Institution",
    "Operator",
    "Physician",
    "Requested",
    "Requesting",
    "Serial",
    "Station",
    "StudyID",
    "Telephone",
)
_METHODS = {
    "ISO_10918_1": "JPEG",
    "ISO_14495_1": "JPEG-LS",
    "ISO_15444_1": "JPEG 2000",
    "ISO_13818_2": "MPEG2",
}
_LOSSY_SYNTAXES = {
    JPEGBaseline8Bit: "JPEG",
    JPEGExtended12Bit: "JPEG",
    JPEGLSNearLossless: "JPEG-LS",
}


@dataclass(frozen=True)
class HeaderFacts:
    """The fields of :class:`btgui.engine.scan.Scan` that a header fills."""

    edges: Edges | None
    plane: str
    lossy: str
    header: Mapping[str, str]
    header_patient: frozenset[str]
    overlay_patient: tuple[str, ...]
    slice_location_mm: float | None


def header_facts(dataset: Dataset) -> HeaderFacts:
    """Read them; an element that is damaged is passed over."""
    header, patient = _elements(dataset)
    turned = orientation_of(dataset)
    return HeaderFacts(
        edges=edges_of(turned) if turned else None,
        plane=plane_of(turned) if turned else "",
        lossy=_lossy(dataset),
        header=header,
        header_patient=patient,
        overlay_patient=_patient_lines(dataset),
        slice_location_mm=_location(dataset, turned),
    )


def position_of(dataset: Dataset) -> Vector | None:
    """Return ImagePositionPatient in millimetres; None where it is missing or broken."""
    numbers = _numbers(dataset, "ImagePositionPatient", 3)
    return cast(Vector, numbers) if numbers else None


def orientation_of(dataset: Dataset) -> Orientation | None:
    """Return ImageOrientationPatient, six cosines; None where it is missing or broken."""
    numbers = _numbers(dataset, "ImageOrientationPatient", 6)
    return cast(Orientation, numbers) if numbers else None


def value_of(dataset: Dataset, keyword: str) -> Any:  # noqa: ANN401  (whatever the header holds)
    """Return an element's value; None where it is missing or damaged."""
    try:
        return dataset.get(keyword)
    except Exception:  # noqa: BLE001  (an element is decoded when it is looked at)
        return None


def text_of(dataset: Dataset, keyword: str) -> str:
    """Return an element's value as text; "" where it is missing or damaged."""
    value = value_of(dataset, keyword)
    return "" if value is None else str(value).strip()


def _numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...] | None:
    try:
        numbers = tuple(float(number) for number in value_of(dataset, keyword))
    except (TypeError, ValueError):
        return None
    return numbers if len(numbers) == count and np.isfinite(numbers).all() else None


def _location(dataset: Dataset, turned: Orientation | None) -> float | None:
    """Return the place along the slice's normal, which SliceLocation only may repeat."""
    position = position_of(dataset)
    normal = normal_of(turned) if turned else None
    return None if position is None or normal is None else float(np.dot(position, normal))


def _lossy(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None) or Dataset()
    syntax = UID(text_of(meta, "TransferSyntaxUID"))
    method = _LOSSY_SYNTAXES.get(syntax, "")
    if text_of(dataset, "LossyImageCompression") == "01":
        # Compressed with loss at some time, whatever holds it now.
        named = _last(value_of(dataset, "LossyImageCompressionMethod"))
        method = _METHODS.get(named, method or ("JPEG 2000" if syntax == JPEG2000 else ""))
    elif not method:
        return ""
    words = f"lossy {method}".strip() if method else "lossy compression"
    try:
        ratio = float(_last(value_of(dataset, "LossyImageCompressionRatio")))
    except ValueError:
        return words
    return f"{words}, {ratio:.3g}:1" if ratio > 0 else words


def _last(value: Any) -> str:  # noqa: ANN401  (one value, several, or none)
    """Return the last of several values: of steps of compression, the last counts."""
    if value is None:
        return ""
    several = hasattr(value, "__len__") and not isinstance(value, str)
    return str(value[-1] if several and len(value) else "" if several else value).strip()


def _patient_lines(dataset: Dataset) -> tuple[str, ...]:
    name, number, sex, born = (
        text_of(dataset, f"Patient{what}") for what in ("Name", "ID", "Sex", "BirthDate")
    )
    if len(born) == len("YYYYMMDD") and born.isdigit():
        born = f"{born[:4]}-{born[4:6]}-{born[6:]}"
    identity = ", ".join(part for part in (f"ID {number}" if number else "", sex) if part)
    return tuple(line for line in (name, identity, f"born {born}" if born else "") if line)


def _elements(dataset: Dataset) -> tuple[dict[str, str], frozenset[str]]:
    """Return every element that can be shown as text, and the keys that identify the patient."""
    shown: dict[str, str] = {}
    patient = set()
    for tag in sorted(dataset.keys())[:_MOST_ELEMENTS]:
        try:
            element = dataset[tag]
            if element.VR in _BULK or isinstance(element.value, bytes):
                continue
            name = element.keyword or element.name
            key = f"{name} ({tag.group:04x},{tag.element:04x})"
            shown[key] = _shown(element)
        except Exception:  # noqa: BLE001, S112  (one damaged element must not hide the others)
            continue
        if _identifies(element):
            patient.add(key)
    return shown, frozenset(patient)


def _shown(element: DataElement) -> str:
    if element.VR == "SQ":
        count = len(element.value)
        return "1 item" if count == 1 else f"{count} items"
    value = element.value
    several = hasattr(value, "__len__") and not isinstance(value, str | bytes) and element.VM > 1
    text = ", ".join(map(str, value)) if several else str("" if value is None else value)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} …"


def _identifies(element: DataElement) -> bool:
    return (
        element.tag.group == _PATIENT_GROUP
        or element.tag.is_private
        or element.VR in _PATIENT_KINDS
        or any(word in element.keyword for word in _PATIENT_WORDS)
    )

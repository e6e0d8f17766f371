"""What tells pictures of one series apart: echo, b-value, time, phase or magnitude and so on.

Read from the header's elements, from a frame's functional groups (DICOM PS3.3 C.8.13.5 and
C.7.6.16), and from the private elements in which makers keep b-values and directions.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from btgui.engine.dicom.frames import frame_header
from btgui.engine.dicom.header_values import (
    finite,
    first_number_in,
    listed_in,
    number_in,
    numbers_in,
    text_in,
    value_in,
)

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_GROUPS = (
    "MRImageFrameTypeSequence",
    "MREchoSequence",
    "MRModifierSequence",
    "MRDiffusionSequence",
    "FrameContentSequence",
    # Of files that were made of many of one frame each.
    "UnassignedSharedConvertedAttributesSequence",
    "UnassignedPerFrameConvertedAttributesSequence",
)
_ALL_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
# Group, creator, elements: Siemens, GE, Philips and United Imaging, each in its first block.
_B_VALUES = (
    (0x0019, "SIEMENS MR HEADER", (0x0C,)),
    (0x0043, "GEMS_PARM_01", (0x39,)),
    (0x2001, "Philips Imaging DD 001", (0x03,)),
    (0x0065, "Image Private Header", (0x09,)),
)
_DIRECTIONS = (
    (0x0019, "SIEMENS MR HEADER", (0x0E,)),
    (0x0019, "GEMS_ACQU_01", (0xBB, 0xBC, 0xBD)),
    (0x2005, "Philips MR Imaging DD 001", (0xB0, 0xB1, 0xB2)),
    (0x0065, "Image Private Header", (0x37,)),
)
_COMPLEX = ((0x0043, "GEMS_PARM_01", (0x2F,)),)
_GE_COMPLEX = {1: "PHASE", 2: "REAL", 3: "IMAGINARY"}
# Where private elements were taken out with the patient's name, Siemens' SequenceName is left:
# "*ep_b1000t", and "ep_b1000#12" of the twelfth direction.
_NAMED = re.compile(r"ep_b(\d+)[a-z]*(?:#(\d+))?")
_GE_FLAG = 100_000  # GE adds 1,000,000,000 to some b-values
# Of an enhanced file's dimensions: what says where a frame lies, not to which volume it belongs.
_PLACES = {0x00200032, 0x00200037, 0x00209056, 0x00209057}
_FIRST_BLOCK = 0x10
_DOUBLE = 8  # bytes of a number of the kind FD
NOTHING = (None, "", ())  # what a trait is that the header does not say
TRAIT_TAGS: list[str | int] = [
    "ImageType",
    "ComplexImageComponent",
    "EchoNumbers",
    "EchoTime",
    "InversionTime",
    "SequenceName",
    "DiffusionBValue",
    "DiffusionGradientOrientation",
    "TemporalPositionIdentifier",
    "TriggerTime",
    "AcquisitionNumber",
    "AcquisitionTime",
    "InstanceNumber",
    "DimensionIndexSequence",
    *(group << 16 | _FIRST_BLOCK for group, *_ in (*_B_VALUES, *_DIRECTIONS, *_COMPLEX)),
    *(
        group << 16 | _FIRST_BLOCK << 8 | element
        for group, _, elements in (*_B_VALUES, *_DIRECTIONS, *_COMPLEX)
        for element in elements
    ),
]


class Traits(NamedTuple):
    """One picture's, None or "" where its header does not say.

    Attributes
    ----------
    b_value
        In s/mm².
    kind
        The values of ImageType (FrameType) and of the complex component, separated by backslashes.
    direction
        Of the diffusion gradient, or its number; None without.
    time
        TemporalPositionIdentifier, or a frame's TemporalPositionIndex.
    acquired
        AcquisitionTime. It leads to the patient: to be shown nowhere.
    volume
        Of a file with several frames: its number, and the frame's place in all dimensions of
        the file but those in space.
    """

    b_value: float | None = None
    kind: str = ""
    echo: int | None = None
    echo_ms: float | None = None
    direction: tuple[float, ...] | None = None
    inversion_ms: float | None = None
    time: int | None = None
    trigger_ms: float | None = None
    acquisition: int | None = None
    acquired: str = ""
    stack: str = ""
    volume: tuple[int, ...] = ()


def traits_in(dataset: Dataset, frames: int) -> tuple[Traits, ...]:
    """Return those of each frame of a file of so many; what a frame does not say, the header does."""
    whole = _said(dataset)
    instance = _whole(dataset, "InstanceNumber") or 0
    if frames > 1:
        whole = whole._replace(volume=(instance,))
    if not any(name in dataset for name in _ALL_GROUPS):
        return (whole,) * frames
    pointers = [
        value_in(one, "DimensionIndexPointer")
        for one in listed_in(dataset, "DimensionIndexSequence")
    ]
    found = []
    for frame in range(frames):
        try:
            groups = frame_header(dataset, frame, _GROUPS)
        except Exception:  # noqa: BLE001  (damage here costs the traits, not the picture)
            found.append(whole)
            continue
        said = _said(groups)._asdict().items()
        own = whole._replace(**{name: value for name, value in said if value not in NOTHING})
        if frames > 1:
            own = own._replace(volume=(instance, *_index(groups, pointers)))
        found.append(own)
    return tuple(found)


def _said(own: Dataset) -> Traits:
    """Return what elements say, all but which of the file's volumes it is."""
    return Traits(
        b_value=_b_value(own),
        kind=_kind(own),
        echo=_whole(own, "EchoNumbers"),
        echo_ms=number_in(own, "EffectiveEchoTime") or number_in(own, "EchoTime"),
        direction=_direction(own),
        inversion_ms=number_in(own, "InversionTimes") or number_in(own, "InversionTime"),
        time=_whole(own, "TemporalPositionIndex", "TemporalPositionIdentifier"),
        trigger_ms=finite(value_in(own, "TriggerTime")),
        acquisition=_whole(own, "FrameAcquisitionNumber", "AcquisitionNumber"),
        acquired=text_in(own, "AcquisitionTime"),
        stack=text_in(own, "StackID"),
    )


def _kind(own: Dataset) -> str:
    words = listed_in(own, "FrameType") or listed_in(own, "ImageType")
    words += listed_in(own, "ComplexImageComponent")
    for number in _private(own, _COMPLEX)[:1]:
        words.append(_GE_COMPLEX.get(int(number), ""))
    if text_in(own, "DiffusionDirectionality") == "ISOTROPIC":
        words.append("ISOTROPIC")
    plain = (str(word).strip().upper() for word in words)
    return sys.intern("\\".join(filter(None, plain)))  # thousands of files have the same


def _whole(own: Dataset, *keys: str) -> int | None:
    number = first_number_in(own, *keys)
    return None if number is None else int(number)


def _b_value(own: Dataset) -> float | None:
    found = finite(value_in(own, "DiffusionBValue"))
    if found is not None:
        return found
    if private := _private(own, _B_VALUES):
        return private[0] % _GE_FLAG
    named = _NAMED.search(text_in(own, "SequenceName"))
    return float(named[1]) if named else None


def _direction(own: Dataset) -> tuple[float, ...] | None:
    found = numbers_in(own, "DiffusionGradientOrientation", 3)
    for item in listed_in(own, "DiffusionGradientDirectionSequence")[:1]:
        found = numbers_in(item, "DiffusionGradientOrientation", 3) or found
    found = found or _private(own, _DIRECTIONS)
    if any(found):
        return tuple(round(part, 3) for part in found)
    named = _NAMED.search(text_in(own, "SequenceName"))
    return (float(named[2]),) if named and named[2] else None


def _private(
    own: Dataset, places: tuple[tuple[int, str, tuple[int, ...]], ...]
) -> tuple[float, ...]:
    """Return the numbers of the first of these private elements that is there; () without."""
    for group, creator, elements in places:
        if text_in(own, group << 16 | _FIRST_BLOCK) != creator:
            continue
        tags = (group << 16 | _FIRST_BLOCK << 8 | element for element in elements)
        if found := tuple(
            n for tag in tags for value in listed_in(own, tag) for n in _numbers(value)
        ):
            return found
    return ()


def _numbers(value: object) -> list[float]:
    """Return a private value's numbers; bytes of a kind that nobody knows may be United Imaging's."""
    number = finite(value)
    if number is not None:
        return [number]
    if isinstance(value, bytes) and len(value) % _DOUBLE == 0:
        numbers = struct.unpack(f"<{len(value) // _DOUBLE}d", value)
        return [one for one in numbers if finite(one) is not None]
    return []


def _index(groups: Dataset, pointers: Sequence[object]) -> tuple[int, ...]:
    """Return a frame's place in all dimensions of its file but those in space."""
    indexes = listed_in(groups, "DimensionIndexValues")
    return tuple(
        int(finite(index) or 0)
        for pointer, index in zip(pointers, indexes, strict=False)
        if pointer not in _PLACES
    )

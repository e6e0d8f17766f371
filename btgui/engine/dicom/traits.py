"""Traits that distinguish the images of a series, such as echo, b-value, time or phase.

They are read from the header, from a frame's functional groups (DICOM PS3.3 C.8.13.5 and
C.7.6.16), and from the private elements in which vendors store b-values and directions.
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
    # In enhanced files converted from many single-frame files.
    "UnassignedSharedConvertedAttributesSequence",
    "UnassignedPerFrameConvertedAttributesSequence",
)
_ALL_GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
# Group, private creator and elements of Siemens, GE, Philips and United Imaging, in the
# first private block.
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
# Where de-identification removed private elements, Siemens' SequenceName remains: "*ep_b1000t",
# or "ep_b1000#12" for the twelfth direction.
_NAMED = re.compile(r"ep_b(\d+)[a-z]*(?:#(\d+))?")
_GE_FLAG = 100_000  # GE adds 1,000,000,000 to some b-values
# Dimensions of an enhanced file that state a frame's position, not the volume it belongs to.
_PLACES = {0x00200032, 0x00200037, 0x00209056, 0x00209057}
_FIRST_BLOCK = 0x10
_DOUBLE = 8  # bytes of a value of VR FD
NOTHING = (None, "", ())  # values of a trait that the header does not state
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
    """The traits of one image; None, "" or () where its header does not state them.

    Attributes
    ----------
    b_value
        Diffusion b-value in s/mm².
    kind
        The values of ImageType (FrameType) and ComplexImageComponent, separated by backslashes.
    direction
        Direction of the diffusion gradient, or its number; None where there is none.
    time
        TemporalPositionIdentifier, or a frame's TemporalPositionIndex.
    acquired
        AcquisitionTime. It may identify the patient and must not be shown.
    volume
        For a multi-frame file, its InstanceNumber and the frame's index in all non-spatial
        dimensions of the file.
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
    """Return the traits of each of a file's frames, completed from the header where one is missing."""
    whole = _stated(dataset)
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
        except Exception:  # noqa: BLE001  (damage here costs the traits, not the image)
            found.append(whole)
            continue
        stated = _stated(groups)._asdict().items()
        own = whole._replace(**{name: value for name, value in stated if value not in NOTHING})
        if frames > 1:
            own = own._replace(volume=(instance, *_index(groups, pointers)))
        found.append(own)
    return tuple(found)


def _stated(own: Dataset) -> Traits:
    """Return all traits that the elements state, except ``volume``."""
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
    return sys.intern("\\".join(filter(None, plain)))  # shared by thousands of files


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
    """Return the numbers of the first of these private elements that is present; () if none is."""
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
    """Return a private element's numbers; a value of unknown VR may be United Imaging's doubles."""
    number = finite(value)
    if number is not None:
        return [number]
    if isinstance(value, bytes) and len(value) % _DOUBLE == 0:
        numbers = struct.unpack(f"<{len(value) // _DOUBLE}d", value)
        return [one for one in numbers if finite(one) is not None]
    return []


def _index(groups: Dataset, pointers: Sequence[object]) -> tuple[int, ...]:
    """Return a frame's index in all non-spatial dimensions of its file."""
    indexes = listed_in(groups, "DimensionIndexValues")
    return tuple(
        int(finite(index) or 0)
        for pointer, index in zip(pointers, indexes, strict=False)
        if pointer not in _PLACES
    )

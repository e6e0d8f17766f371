"""The header of one frame of a multi-frame DICOM file.

Enhanced files keep position, orientation, spacing, rescale and window in functional
groups, shared by all frames or per frame (DICOM PS3.3 C.7.6.16).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_GROUPS = (
    "PixelMeasuresSequence",
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelValueTransformationSequence",
    "FrameVOILUTSequence",
    "MRTimingAndRelatedParametersSequence",
    "MREchoSequence",
    "MRModifierSequence",
)


def frame_count(dataset: Dataset) -> int:
    """Return the number of frames that the header states, at least 1."""
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def frame_header(dataset: Dataset, frame: int, groups: Sequence[str] = _GROUPS) -> Dataset:
    """Return the elements of a frame's functional groups; per-frame ones override shared ones.

    The result is empty where the file has no functional groups.
    """
    # Imported late: a folder of plain pictures needs no pydicom.
    from pydicom.dataset import Dataset

    found = Dataset()
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    own = dataset.get("PerFrameFunctionalGroupsSequence") or []
    for held in (*shared[:1], *own[frame : frame + 1]):
        for name in groups:
            for item in (held.get(name) or [])[:1]:
                found.update(item)
    return found

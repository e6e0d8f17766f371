"""One frame of a DICOM file that holds several, as if it stood in a file of its own.

Enhanced files keep position, orientation, spacing, rescale and window in functional
groups, once for all frames or for each (DICOM PS3.3 C.7.6.16).
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
    """Return how many frames the header tells of, at least 1."""
    return max(1, int(dataset.get("NumberOfFrames") or 1))


def frame_header(dataset: Dataset, frame: int, groups: Sequence[str] = _GROUPS) -> Dataset:
    """Return the elements of a frame's functional groups; the frame's own win over shared ones.

    Empty where the file has no functional groups.
    """
    from pydicom.dataset import Dataset  # here: a folder of pictures alone does not load it

    found = Dataset()
    shared = dataset.get("SharedFunctionalGroupsSequence") or []
    own = dataset.get("PerFrameFunctionalGroupsSequence") or []
    for held in (*shared[:1], *own[frame : frame + 1]):
        for name in groups:
            for item in (held.get(name) or [])[:1]:
                found.update(item)
    return found

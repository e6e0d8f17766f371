"""Pictures that are stepped through in order, and which of them lie at the same place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import normal_of
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.series import Slice

_PARALLEL = float(np.cos(np.radians(5.0)))  # planes tilted by less count as parallel


@dataclass(frozen=True)
class Stack:
    """A series, or one picture as a series of one.

    Attributes
    ----------
    title
        What it is called; never the patient's name.
    patient, study
        Tell its patient and its study from every other, "" where that is unknown.
    frame_of_reference
        Tells the scanner's coordinates from others, "" where that is unknown: they are others
        where the patient was placed anew.
    bare_title
        The title without what a header says, "" where it has nothing of it.
    """

    title: str
    patient: str
    study: str
    slices: tuple[Slice, ...]
    frame_of_reference: str = ""
    bare_title: str = ""

    def called(self, *, patient_visible: bool) -> str:
        """Return what it is called, while the patient is hidden or not."""
        return self.title if patient_visible else self.bare_title or self.title

    @cached_property
    def addresses(self) -> tuple[ScanAddress, ...]:
        """Where its pictures are: these tell it from every other."""
        return tuple(one.address for one in self.slices)

    @property
    def middle(self) -> int:
        """The index of its middle slice."""
        return len(self.slices) // 2

    @cached_property
    def _planes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each slice's position and normal, (n, 3) in millimetres; NaN where unknown."""
        unknown = (np.nan,) * 3
        found = []
        for one in self.slices:
            normal = normal_of(one.orientation)
            known = normal is not None and one.position is not None
            found.append((one.position, normal) if known else (unknown, unknown))
        positions, normals = np.array(found, float).reshape(-1, 2, 3).swapaxes(0, 1)
        return positions, normals

    def is_of_the_study_of(self, other: Stack) -> bool:
        """Whether both are known to be of one study of one patient."""
        return bool(self.study) and (self.patient, self.study) == (other.patient, other.study)

    def is_placed_as(self, other: Stack) -> bool:
        """Whether places can be compared in millimetres: of one study, and not known to be apart."""
        frames = {self.frame_of_reference, other.frame_of_reference} - {""}
        return self.is_of_the_study_of(other) and len(frames) <= 1

    def may_be_of_another_patient(self, other: Stack) -> bool:
        """Whether these may be two patients: true unless both or neither say who it is.

        Where neither does, two studies may be of two patients; pictures that are of no study
        are taken as they come.
        """
        if self.patient or other.patient:
            return self.patient != other.patient
        return self.study != other.study

    def slice_at(self, other: Stack, index: int) -> int:
        """Return the index of the slice here that lies where a slice of another stack lies.

        Of one study and one frame of reference, the nearest one in millimetres among those
        that are parallel within 5 degrees; where there is none, or a place is unknown, the one
        at the same share of the way through. A single picture says nothing of the place: the middle.
        """
        if self.is_placed_as(other):
            (positions, normals), (places, directions) = self._planes, other._planes
            with np.errstate(invalid="ignore", over="ignore"):  # unknown, or absurd in the header
                apart = np.abs(((places[index] - positions) * normals).sum(axis=1))
                parallel = np.abs((normals * directions[index]).sum(axis=1)) >= _PARALLEL
            known = parallel & np.isfinite(apart)
            if known.any():
                return int(np.argmin(np.where(known, apart, np.inf)))
        if len(other.slices) == 1:
            return self.middle
        return round(index * (len(self.slices) - 1) / (len(other.slices) - 1))


def stack_of_file(address: ScanAddress) -> Stack:
    """Return one picture as a stack; what study it belongs to is not known."""
    return Stack(str(address), "", "", (Slice(address, 0, None, None, None),))

"""Stacks of images that are scrolled in order, and matching slices at the same position."""

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
    """A series, or a single image as a series of one.

    Attributes
    ----------
    title
        The title for the reader; never the patient's name.
    patient, study
        Identify the patient and the study; "" where unknown.
    frame_of_reference
        FrameOfReferenceUID, "" where unknown; it changes when the patient is repositioned.
    bare_title
        The title without text from a header; "" where ``title`` contains none.
    """

    title: str
    patient: str
    study: str
    slices: tuple[Slice, ...]
    frame_of_reference: str = ""
    bare_title: str = ""

    def called(self, *, patient_visible: bool) -> str:
        """Return the title to display while the patient is visible or hidden."""
        return self.title if patient_visible else self.bare_title or self.title

    @cached_property
    def addresses(self) -> tuple[ScanAddress, ...]:
        """The addresses of all images, which identify the stack."""
        return tuple(one.address for one in self.slices)

    @property
    def middle(self) -> int:
        """The index of the middle slice."""
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
        """Whether both stacks are known to belong to one study of one patient."""
        return bool(self.study) and (self.patient, self.study) == (other.patient, other.study)

    def is_placed_as(self, other: Stack) -> bool:
        """Whether positions can be compared: one study, and no different frames of reference."""
        frames = {self.frame_of_reference, other.frame_of_reference} - {""}
        return self.is_of_the_study_of(other) and len(frames) <= 1

    def may_be_of_another_patient(self, other: Stack) -> bool:
        """Whether the two stacks may belong to different patients.

        They do if the stated patients differ or only one stack states a patient. Where neither
        states one, two different studies may be of two patients; images without a study are not
        questioned.
        """
        if self.patient or other.patient:
            return self.patient != other.patient
        return self.study != other.study

    def slice_at(self, other: Stack, index: int) -> int:
        """Return the index of the slice of this stack that corresponds to a slice of another stack.

        Within one study and one frame of reference, this is the nearest slice in millimetres among
        those parallel within 5 degrees. Where there is none, or positions are unknown, it is the
        slice at the same fraction of the stack; for a single image, which has no such fraction, it
        is the middle slice.
        """
        if self.is_placed_as(other):
            (positions, normals), (places, directions) = self._planes, other._planes
            with np.errstate(invalid="ignore", over="ignore"):  # unknown or absurd positions
                apart = np.abs(((places[index] - positions) * normals).sum(axis=1))
                parallel = np.abs((normals * directions[index]).sum(axis=1)) >= _PARALLEL
            known = parallel & np.isfinite(apart)
            if known.any():
                return int(np.argmin(np.where(known, apart, np.inf)))
        if len(other.slices) == 1:
            return self.middle
        return round(index * (len(self.slices) - 1) / (len(other.slices) - 1))


def stack_of_file(address: ScanAddress) -> Stack:
    """Return a single image as a stack of unknown study."""
    return Stack(str(address), "", "", (Slice(address, 0, None, None, None),))

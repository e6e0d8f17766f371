"""How a volume's voxels become upright slices.

NIfTI's world coordinates grow to the patient's right, front and head; DICOM's, which the
rest of the application uses, to the left, back and head. Slices are shown as radiologists
hang them: axial with the front up, coronal with the head up, both with the patient's right
on the picture's left; sagittal with the head up and the face to the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import Orientation, Vector, is_place
from btgui.engine.scan import is_length, spacing_of

# How much thicker than wide voxels are for their slices to be the ones that were acquired.
_THICKER = 1.25
_TO_DICOM = np.array([-1.0, -1.0, 1.0])
_AXIAL, _CORONAL, _SAGITTAL = 2, 1, 0  # by the world's axis that crosses the slices
# By that axis: the world's axis to the right and downwards, each with its sense in DICOM's world.
_HUNG = {
    _AXIAL: ((0, 1), (1, 1)),
    _CORONAL: ((0, 1), (2, -1)),
    _SAGITTAL: ((1, 1), (2, -1)),
}
_MILLIMETRES = {"mm": 1.0, "meter": 1000.0, "micron": 0.001}


@dataclass(frozen=True)
class Layout:
    """Which voxels lie where.

    Attributes
    ----------
    shape
        Voxels along the file's three axes.
    volumes
        How many volumes the file holds, one after the other in time or otherwise.
    across, down, through
        The file's axes from a slice's left to its right, from top to bottom, and from slice
        to slice.
    reversed_axes
        For each of the file's axes whether it runs against that.
    orientation
        Of every slice, as DICOM's ImageOrientationPatient; None where the file does not say.
    spacing_mm
        (between rows, between columns), and ``distance_mm`` between slices; None where the
        file does not say in which unit they are.
    first_position, step
        Of the first slice's first pixel, and from slice to slice, in millimetres and DICOM's
        world; None where either of the above is.
    """

    shape: tuple[int, int, int]
    volumes: int
    across: int
    down: int
    through: int
    reversed_axes: tuple[bool, bool, bool]
    orientation: Orientation | None
    spacing_mm: tuple[float, float] | None
    distance_mm: float | None
    first_position: Vector | None
    step: Vector | None

    @property
    def slices(self) -> int:
        """How many slices a volume has."""
        return self.shape[self.through]

    def position(self, number: int) -> Vector | None:
        """Return where a slice's first pixel lies, from 0 in the order of display."""
        if self.first_position is None or self.step is None:
            return None
        start, step = np.array(self.first_position), np.array(self.step)
        return cast(Vector, tuple(float(part) for part in start + number * step))

    def voxel_index(self, number: int) -> tuple[slice | int, slice | int, slice | int]:
        """Return what of the file's three axes makes a slice."""
        place = self.slices - 1 - number if self.reversed_axes[self.through] else number
        index: list[slice | int] = [slice(None)] * 3
        index[self.through] = place
        return index[0], index[1], index[2]

    def upright(self, voxels: NDArray[Any]) -> NDArray[Any]:
        """Turn a slice as it is hung.

        Parameters
        ----------
        voxels
            What :meth:`voxel_index` gives: two axes of the file and perhaps colours.

        Returns
        -------
        A view of it: (height, width), or (height, width, colours).
        """
        if self.across < self.down:  # the file's first axis becomes the picture's columns
            voxels = voxels.swapaxes(0, 1)
        if self.reversed_axes[self.down]:
            voxels = voxels[::-1]
        return voxels[:, ::-1] if self.reversed_axes[self.across] else voxels


def layout_of(header: Any) -> Layout:  # noqa: ANN401  (nibabel has no types)
    """Read the layout from a NIfTI header; "sform" goes before "qform", as the standard says.

    Raises
    ------
    ValueError
        The header's directions are no directions.
    """
    import nibabel

    dimensions = (*map(int, header.get_data_shape()), 1, 1, 1, 1)
    shape = cast(tuple[int, int, int], dimensions[:3])
    affine = np.asarray(header.get_best_affine(), np.float64)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-12:  # noqa: PLR2004
        raise ValueError("the directions of the voxels cannot be told")
    axes = nibabel.io_orientation(affine)  # type: ignore[no-untyped-call]
    world = [int(axis) for axis in axes[:, 0]]
    directions = affine[:3, :3] * _TO_DICOM[:, None]  # columns: one step along each file axis
    lengths = np.linalg.norm(directions, axis=0)
    through = _through(shape, lengths, world)
    (right, right_sense), (bottom, bottom_sense) = _HUNG[world[through]]
    across, down = world.index(right), world.index(bottom)
    reverse = [False, False, False]
    reverse[across] = bool(directions[right, across] * right_sense < 0)
    reverse[down] = bool(directions[bottom, down] * bottom_sense < 0)
    unit = directions / lengths * np.where(reverse, -1.0, 1.0)
    normal = np.cross(unit[:, across], unit[:, down])
    reverse[through] = bool(unit[:, through] @ normal < 0)

    known = int(header["sform_code"]) > 0 or int(header["qform_code"]) > 0
    scale = _MILLIMETRES.get(header.get_xyzt_units()[0])
    first = np.array([n - 1 if back else 0 for n, back in zip(shape, reverse, strict=True)])
    start = (affine[:3, :3] @ first + affine[:3, 3]) * _TO_DICOM * (scale or 1)
    step = directions[:, through] * (-1 if reverse[through] else 1) * (scale or 1)
    distance = float(lengths[through] * (scale or 1))
    placed = known and scale is not None and is_length(distance) and is_place(start)
    orientation = (*unit[:, across], *unit[:, down])
    return Layout(
        shape=shape,
        volumes=dimensions[3],
        across=across,
        down=down,
        through=through,
        reversed_axes=(reverse[0], reverse[1], reverse[2]),
        orientation=cast(Orientation, tuple(map(float, orientation))) if known else None,
        spacing_mm=(
            None
            if scale is None
            else spacing_of(float(lengths[down] * scale), float(lengths[across] * scale))
        ),
        distance_mm=None if scale is None or not is_length(distance) else distance,
        first_position=cast(Vector, tuple(map(float, start))) if placed else None,
        step=cast(Vector, tuple(map(float, step))) if placed else None,
    )


def _through(shape: tuple[int, int, int], lengths: NDArray[np.float64], world: list[int]) -> int:
    """Return the file's axis from slice to slice: that of thick slices, else of axial ones."""
    if 1 in shape:  # a single slice is shown as it was acquired
        return shape.index(1)
    thickest = int(np.argmax(lengths))
    others = np.delete(lengths, thickest)
    return thickest if lengths[thickest] > _THICKER * others.max() else world.index(_AXIAL)

"""The arrangement of a NIfTI volume's voxels as upright slices.

NIfTI's world coordinates increase to the patient's right, anterior and superior (RAS); DICOM's,
which the rest of the application uses, to the left, posterior and superior (LPS). Slices are shown
in radiological convention: axial with anterior up, coronal with superior up, both with the
patient's right on the left of the image; sagittal with superior up and anterior to the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from btgui.engine.geometry import Orientation, Vector, is_place
from btgui.engine.scan import is_length, spacing_of

# Voxels must be longer along an axis by this factor for it to count as the slice direction.
_THICKER = 1.25
_TO_DICOM = np.array([-1.0, -1.0, 1.0])
_AXIAL, _CORONAL, _SAGITTAL = 2, 1, 0  # the world axis perpendicular to the slices
# Per such axis: the world axes that run rightwards and downwards in the image, each with its sign
# in DICOM's coordinates.
_HUNG = {
    _AXIAL: ((0, 1), (1, 1)),
    _CORONAL: ((0, 1), (2, -1)),
    _SAGITTAL: ((1, 1), (2, -1)),
}
_MILLIMETRES = {"mm": 1.0, "meter": 1000.0, "micron": 0.001}


@dataclass(frozen=True)
class Layout:
    """The arrangement of a file's voxels in slices and in the patient.

    Attributes
    ----------
    shape
        Number of voxels along the file's three spatial axes.
    volumes
        Number of volumes in the file, a time series or otherwise.
    across, down, through
        The file axes that run across a slice from left to right, down from top to bottom, and
        through the slices.
    reversed_axes
        For each file axis, whether its voxels are stored in the opposite direction.
    orientation
        ImageOrientationPatient, as in DICOM, of every slice; None where the file does not state
        one.
    spacing_mm
        (between rows, between columns); None where the file states no unit or an impossible size.
    distance_mm
        Distance between slices; None as above.
    first_position, step
        Position of the first pixel of the first slice, and the vector from slice to slice, in
        millimetres in DICOM's coordinates; None where the orientation or the distance is unknown,
        or the position is impossible.
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
        """The number of slices of a volume."""
        return self.shape[self.through]

    def position(self, number: int) -> Vector | None:
        """Return the position of the first pixel of a slice, ``number`` from 0 in display order."""
        if self.first_position is None or self.step is None:
            return None
        start, step = np.array(self.first_position), np.array(self.step)
        return cast(Vector, tuple(float(part) for part in start + number * step))

    def voxel_index(self, number: int) -> tuple[slice | int, slice | int, slice | int]:
        """Return the index into the file's three axes that selects a slice."""
        place = self.slices - 1 - number if self.reversed_axes[self.through] else number
        index: list[slice | int] = [slice(None)] * 3
        index[self.through] = place
        return index[0], index[1], index[2]

    def upright(self, voxels: NDArray[Any]) -> NDArray[Any]:
        """Transpose and flip a slice for display in radiological convention.

        Parameters
        ----------
        voxels
            The voxels that :meth:`voxel_index` selects: two file axes, and colours if any.

        Returns
        -------
        A view of ``voxels``: (height, width), or (height, width, colours).
        """
        if self.across < self.down:  # the file's first axis becomes the picture's columns
            voxels = voxels.swapaxes(0, 1)
        if self.reversed_axes[self.down]:
            voxels = voxels[::-1]
        return voxels[:, ::-1] if self.reversed_axes[self.across] else voxels


def layout_of(header: Any) -> Layout:  # noqa: ANN401  (nibabel has no types)
    """Read the layout from a NIfTI header; the sform takes precedence over the qform.

    Raises
    ------
    ValueError
        The header's affine is not finite or not invertible.
    """
    import nibabel

    dimensions = (*map(int, header.get_data_shape()), 1, 1, 1, 1)
    shape = cast(tuple[int, int, int], dimensions[:3])
    affine = np.asarray(header.get_best_affine(), np.float64)
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-12:  # noqa: PLR2004
        raise ValueError("expected a finite, invertible affine")
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
    """Return the file axis through the slices: that of clearly longest voxels, else the axial one."""
    if 1 in shape:  # a single slice is shown in its own plane
        return shape.index(1)
    thickest = int(np.argmax(lengths))
    others = np.delete(lengths, thickest)
    return thickest if lengths[thickest] > _THICKER * others.max() else world.index(_AXIAL)

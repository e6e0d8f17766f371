"""Where slices lie in the patient: plane, edges and order (DICOM PS3.3 C.7.6.2).

Patient coordinates are in millimetres: x grows to the patient's left, y to the back
(posterior), z to the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]

MIXED_ORIENTATIONS = "The slices have mixed orientations."
_PLANES = ("sagittal", "coronal", "axial")
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))
_OBLIQUE_DEGREES = 20.0  # from a main plane; head scans are often tilted by up to that
_EDGE_SHARE = 0.25  # a letter is shown for a direction's part above this, as sin 14 degrees
_UNIT_TOLERANCE = 1e-3
_SAME_PLACE_MM = 0.01
_SAME_ORIENTATION = 1e-3
_GAP = 1.5  # times the usual distance
_FARTHEST_MM = 1e5  # from the origin: no scanner's table goes there


@dataclass(frozen=True)
class Edges:
    """The letters at a picture's four edges, such as "R" or "RA"; x and y as shown."""

    left: str
    right: str
    top: str
    bottom: str


@dataclass(frozen=True)
class Placement:
    """The order of a series' slices.

    Attributes
    ----------
    order
        Indexes of the slices as given, from the lowest place along the normal to
        the highest; as given where a place is unknown or orientations are mixed.
    distance_mm
        The usual distance between neighbouring slices; None where it is unknown.
    findings
        In words, what a reader should know: gaps, doubled places, mixed orientations.
    breaks
        Places in the order whose slice is no neighbour of the one before: behind a gap, or
        at the same place. With mixed orientations, all of them.
    """

    order: tuple[int, ...]
    distance_mm: float | None
    findings: tuple[str, ...]
    breaks: tuple[int, ...] = ()


def is_place(position: Sequence[float] | NDArray[np.float64]) -> bool:
    """Whether coordinates in millimetres can be those of a slice."""
    return all(abs(part) <= _FARTHEST_MM for part in position)


def normal_of(orientation: Orientation) -> NDArray[np.float64] | None:
    """Return the (3,) unit normal of a slice, rows cross columns.

    None where the six direction cosines are not two perpendicular unit vectors.
    """
    rows, columns = np.array(orientation[:3], float), np.array(orientation[3:], float)
    lengths = np.array([rows @ rows, columns @ columns])
    if not np.allclose(lengths, 1, atol=_UNIT_TOLERANCE * 10):
        return None
    if abs(float(rows @ columns)) > _UNIT_TOLERANCE * 10:
        return None
    normal = np.cross(rows, columns)
    return np.asarray(normal / np.linalg.norm(normal), np.float64)


def plane_of(orientation: Orientation) -> str:
    """Return "axial", "coronal", "sagittal", "oblique", or "" where it cannot be told."""
    normal = normal_of(orientation)
    if normal is None:
        return ""
    axis = int(np.argmax(np.abs(normal)))
    tilt = np.degrees(np.arccos(min(1.0, abs(float(normal[axis])))))
    return "oblique" if tilt > _OBLIQUE_DEGREES else _PLANES[axis]


def edges_of(orientation: Orientation) -> Edges | None:
    """Return the letters at the edges; None where the orientation cannot be told.

    L left, R right, A front, P back, H head, F feet; the strongest direction first.
    """
    if normal_of(orientation) is None:
        return None
    right, bottom = np.array(orientation[:3], float), np.array(orientation[3:], float)
    return Edges(_letters(-right), _letters(right), _letters(-bottom), _letters(bottom))


def location_of(position: Vector | None, orientation: Orientation | None) -> float | None:
    """Return a slice's place along its normal in millimetres; None where it is unknown."""
    normal = normal_of(orientation) if orientation else None
    return None if normal is None or position is None else float(normal @ np.array(position))


def place(
    positions: Sequence[Vector | None], orientations: Sequence[Orientation | None]
) -> Placement:
    """Order slices by their position along the normal.

    Parameters
    ----------
    positions
        ImagePositionPatient of each slice, in millimetres.
    orientations
        ImageOrientationPatient of each slice, as many as positions.
    """
    as_given = tuple(range(len(positions)))
    known = [(p, o) for p, o in zip(positions, orientations, strict=True) if p and o]
    if len(known) < len(positions):
        count = len(positions) - len(known)
        return Placement(as_given, None, (f"{count} of {len(positions)} slices have no position.",))
    if not known:
        return Placement((), None, ())
    first = known[0][1]
    normal = normal_of(first)
    if normal is None:
        return Placement(as_given, None, ("The slices' orientation in the header is not valid.",))
    if any(not np.allclose(o, first, atol=_SAME_ORIENTATION) for _, o in known):
        return Placement(as_given, None, (MIXED_ORIENTATIONS,), as_given[1:])
    places = np.array([p for p, _ in known], float) @ normal
    order = np.argsort(places, kind="stable")
    return _described(tuple(int(i) for i in order), np.diff(places[order]))


def _described(order: tuple[int, ...], steps: NDArray[np.float64]) -> Placement:
    findings = []
    apart = steps[steps > _SAME_PLACE_MM]
    broken = steps <= _SAME_PLACE_MM
    if doubled := int(steps.size - apart.size):
        findings.append(f"Slices that lie at the place of another slice: {doubled}.")
    distance = float(np.median(apart)) if apart.size else None
    if distance is not None and (gaps := int(np.sum(apart > _GAP * distance))):
        findings.append(
            f"Gaps wider than the usual {distance:.2f} mm between slices: {gaps}. "
            f"Slices may be missing."
        )
    if distance is not None:
        broken |= steps > _GAP * distance
    return Placement(
        order, distance, tuple(findings), tuple(int(i) + 1 for i in np.flatnonzero(broken))
    )


def _letters(direction: NDArray[np.float64]) -> str:
    strongest = np.argsort(-np.abs(direction), kind="stable")
    return "".join(
        _LETTERS[axis][0 if direction[axis] > 0 else 1]
        for axis in strongest
        if abs(direction[axis]) > _EDGE_SHARE
    )

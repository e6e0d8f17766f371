"""Position of slices in the patient: plane, edge labels and order (DICOM PS3.3 C.7.6.2).

Patient coordinates are in millimetres: x grows to the patient's left, y to the back
(posterior), z to the head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Vector = tuple[float, float, float]
Orientation = tuple[float, float, float, float, float, float]

MIXED_ORIENTATIONS = "The slices have mixed orientations."
UNKNOWN_ORDER = "Slice numbers are missing or repeated: the slices are sorted by file name."
SAME_PLACE_MM = 0.01
SAME_ORIENTATION = 1e-3
_PLANES = ("sagittal", "coronal", "axial")
_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))
_OBLIQUE_DEGREES = 20.0  # from a main plane; head scans are often tilted by up to that
_EDGE_SHARE = (
    0.25  # an axis gets a letter if the direction's component exceeds this (sin 14 degrees)
)
_UNIT_TOLERANCE = 1e-2  # of squared lengths, and of the cosine between rows and columns
_GAP = 1.5  # times the usual distance between slices
_FARTHEST_MM = 1e5  # from the origin: no scanner's table goes there


@dataclass(frozen=True)
class Edges:
    """The orientation letters at the four edges of a displayed image, such as "R" or "RA"."""

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
        Indices of the slices as given, sorted by position along the normal, lowest first,
        then those without a position; in the given order if no slice has a position, or if
        orientations are mixed.
    distance_mm
        The usual distance between neighbouring slices; None where it is unknown.
    findings
        Sentences that a reader should know: gaps, duplicate positions, mixed orientations.
    breaks
        Indices into ``order`` whose slice is not adjacent to the previous one: after a gap, at
        the same position, or at an unknown one. With mixed orientations, all of them.
    """

    order: tuple[int, ...]
    distance_mm: float | None
    findings: tuple[str, ...]
    breaks: tuple[int, ...] = ()


def is_place(position: Sequence[float] | NDArray[np.float64]) -> bool:
    """Whether coordinates in millimetres are plausible for a slice; false if any is NaN."""
    return all(abs(part) <= _FARTHEST_MM for part in position)


@lru_cache(maxsize=1024)  # asked for every slice of a series, and the same for all of them
def normal_of(orientation: Orientation | None) -> NDArray[np.float64] | None:
    """Return the (3,) unit normal of a slice, rows cross columns, as a read-only array.

    None if the orientation is unknown, or does not consist of two perpendicular unit vectors.
    """
    if orientation is None:
        return None
    rows, columns = np.array(orientation[:3], float), np.array(orientation[3:], float)
    squared_lengths = np.array([rows @ rows, columns @ columns])
    if not np.allclose(squared_lengths, 1, atol=_UNIT_TOLERANCE):
        return None
    if abs(float(rows @ columns)) > _UNIT_TOLERANCE:
        return None
    normal = np.cross(rows, columns)
    unit = np.asarray(normal / np.linalg.norm(normal), np.float64)
    unit.flags.writeable = False  # the cached array is shared between callers
    return unit


def plane_of(orientation: Orientation | None) -> str:
    """Return "axial", "coronal", "sagittal" or "oblique"; "" if the orientation is unknown."""
    normal = normal_of(orientation)
    if normal is None:
        return ""
    axis = int(np.argmax(np.abs(normal)))
    tilt = np.degrees(np.arccos(min(1.0, abs(float(normal[axis])))))
    return "oblique" if tilt > _OBLIQUE_DEGREES else _PLANES[axis]


def edges_of(orientation: Orientation | None) -> Edges | None:
    """Return the letters at the edges; None if the orientation is unknown.

    L left, R right, A anterior, P posterior, H head, F feet; the strongest direction first.
    """
    if orientation is None or normal_of(orientation) is None:
        return None
    right, bottom = np.array(orientation[:3], float), np.array(orientation[3:], float)
    return Edges(_letters(-right), _letters(right), _letters(-bottom), _letters(bottom))


def location_of(position: Vector | None, orientation: Orientation | None) -> float | None:
    """Return a slice's position along its normal in millimetres; None if it is unknown.

    Positions grow towards the patient's left, back or head, like the header's coordinates, even
    where the normal points the opposite way. The axis is the one closest to the normal.
    """
    normal = normal_of(orientation)
    if normal is None or position is None:
        return None
    forward = np.sign(normal[np.argmax(np.abs(normal))])
    return float(normal @ np.array(position) * forward) + 0.0  # never "-0.0"


def location_words(location_mm: float, plane: str) -> str:
    """Return "R 34.5 mm" for a position in a sagittal, coronal or axial series; else "34.5 mm"."""
    if plane not in _PLANES:
        return f"{location_mm:.1f} mm"
    positive, negative = _LETTERS[_PLANES.index(plane)]
    return f"{negative if location_mm < 0 else positive} {abs(location_mm):.1f} mm"


def place(
    positions: Sequence[Vector | None],
    orientations: Sequence[Orientation | None],
    numbers: Sequence[int],
) -> Placement:
    """Order slices by their position along the normal.

    Parameters
    ----------
    positions
        ImagePositionPatient of each slice, in millimetres.
    orientations
        ImageOrientationPatient of each slice, as many as positions.
    numbers
        InstanceNumber of each slice, by which the slices are sorted. They determine which slices
        are adjacent if none has a position.
    """
    as_given = tuple(range(len(positions)))
    stated = {
        i: (p, o) for i, (p, o) in enumerate(zip(positions, orientations, strict=True)) if p and o
    }
    # Images derived from slices may state six zeros, which is no orientation.
    known = {index: (p, o) for index, (p, o) in stated.items() if normal_of(o) is not None}
    if stated and not known:
        return _by_number(numbers, ("The slice orientation in the header is not valid.",))
    unplaced = [index for index in as_given if index not in known]
    findings = _of_unplaced(len(unplaced), len(positions))
    if not known:
        return _by_number(numbers, findings)
    first = next(iter(known.values()))[1]
    others = {o for _, o in known.values()}
    if any(not np.allclose(o, first, atol=SAME_ORIENTATION) for o in others):
        return Placement(as_given, None, (MIXED_ORIENTATIONS,), as_given[1:])
    places = np.array([p for p, _ in known.values()], float) @ normal_of(first)
    order = np.argsort(places, kind="stable")
    indexes = [*known]
    placed = _described(tuple(indexes[i] for i in order), np.diff(places[order]))
    after = range(len(known), len(positions))
    return Placement(
        (*placed.order, *unplaced),
        placed.distance_mm,
        (*findings, *placed.findings),
        (*placed.breaks, *after),
    )


def _of_unplaced(count: int, of: int) -> tuple[str, ...]:
    if not count:
        return ()
    have, they = ("has", "It comes") if count == 1 else ("have", "They come")
    where = f" {they} last." if count < of else ""
    return (f"{count} of {of} slices {have} no position.{where}",)


def _by_number(numbers: Sequence[int], findings: tuple[str, ...]) -> Placement:
    """Return the slices as given, sorted by number; if numbers repeat, none count as adjacent."""
    order = tuple(range(len(numbers)))
    if len(set(numbers)) < len(numbers):
        return Placement(order, None, (*findings, UNKNOWN_ORDER), order[1:])
    steps = np.diff(numbers)
    gaps = np.flatnonzero(steps > np.median(steps)) if steps.size else steps
    if gaps.size:
        missing = f"Gaps in the slice numbers: {gaps.size}. Slices may be missing."
        findings = (*findings, missing)
    return Placement(order, None, findings, tuple(int(i) + 1 for i in gaps))


def _described(order: tuple[int, ...], steps: NDArray[np.float64]) -> Placement:
    apart = steps[steps > SAME_PLACE_MM]
    usual = float(np.median(apart)) if apart.size else np.inf
    doubled, wide = steps <= SAME_PLACE_MM, steps > _GAP * usual
    findings = []
    if count := int(doubled.sum()):
        findings.append(f"Slices at the same position as another slice: {count}.")
    if count := int(wide.sum()):
        findings.append(
            f"Gaps wider than the usual {usual:.2f} mm between slices: {count}. "
            f"Slices may be missing."
        )
    breaks = tuple(int(i) + 1 for i in np.flatnonzero(doubled | wide))
    return Placement(order, usual if apart.size else None, tuple(findings), breaks)


def _letters(direction: NDArray[np.float64]) -> str:
    strongest = np.argsort(-np.abs(direction), kind="stable")
    return "".join(
        _LETTERS[axis][0 if direction[axis] > 0 else 1]
        for axis in strongest
        if abs(direction[axis]) > _EDGE_SHARE
    )

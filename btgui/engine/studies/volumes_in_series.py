"""Splitting a series that holds several volumes: echoes, b-values, phases, planes.

The rule:

1. Slices of different orientations are split if at least one orientation has slices at two
   or more positions, as in localizers. Orientations with a single position stay together as
   "other images".
2. Within one orientation, slices are split only if at least half of the positions hold
   several slices.
3. They are split by the fewest traits (:class:`Traits`) that yield as many volumes as the
   fullest position has slices, with no position twice in any volume. Traits that change
   within a volume, such as numbers of interleaved acquisitions, yield more volumes. If
   several sets of traits qualify, the first in their order is used.
4. Slices that agree in position, number and all traits are copies, and stay together.
5. A series is not split if its volumes would have one slice each, such as those of one
   position acquired repeatedly, or if there would be more volumes than are listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from btgui.engine.dicom.traits import Traits
from btgui.engine.geometry import (
    SAME_ORIENTATION,
    SAME_PLACE_MM,
    Orientation,
    normal_of,
    plane_of,
)
from btgui.engine.studies.series import Slice
from btgui.engine.studies.trait_words import OTHERS, UNPLACED, volume_names

MOST_VOLUMES = 32  # as for NIfTI files: diffusion and functional scans have hundreds
_MOST_DIRECTIONS = 8  # projections around an axis have more
_MOST_TRAITS = 4  # b-value, direction, phase or magnitude, time: never more at once
# Values that differ by at most this, or by one percent, count as equal; in ms and s/mm².
_ROUNDED = {"echo_ms": 0.1, "b_value": 1.0, "inversion_ms": 1.0}
_ROUNDED_SHARE = 0.01
_BY_APPEARANCE = {"kind", "direction"}  # without a natural order: sorted by first occurrence


@dataclass(frozen=True)
class Volume:
    """A volume as indexes into the slices of a series; the name is "" if it is the whole series."""

    name: str
    indexes: tuple[int, ...]


def volumes_of(slices: Sequence[Slice], traits: Sequence[Traits]) -> list[Volume]:
    """Return a series' volumes by the rule above; a single one where the series is not split.

    There may be more than :data:`MOST_VOLUMES`, the number that is listed at most.

    Parameters
    ----------
    slices
        Slices in the order of their numbers.
    traits
        The traits of each slice.
    """
    whole = Volume("", tuple(range(len(slices))))
    found = []
    for plane, indexes in _by_direction(slices):
        inner = [("", indexes)] if plane == OTHERS else _by_traits(indexes, slices, traits)
        found += [Volume(", ".join(filter(None, (plane, name))), held) for name, held in inner]
    frames = Counter(one.address.path for one in slices)
    # A volume of a single slice is listed as its file, impossible for one frame among others.
    if any(
        len(one.indexes) == 1 and frames[slices[one.indexes[0]].address.path] > 1 for one in found
    ):
        return [whole]
    return found


def _by_direction(slices: Sequence[Slice]) -> list[tuple[str, tuple[int, ...]]]:
    """Return slices by orientation, each with its plane; all under "" where they stay together."""
    whole = [("", tuple(range(len(slices))))]
    like: dict[Orientation, Orientation] = {}
    found: dict[Orientation, list[int]] = {}
    for index, one in enumerate(slices):
        if one.orientation is None or one.location_mm is None:
            continue
        if one.orientation not in like:
            known = [turned for turned in found if _is_like(turned, one.orientation)]
            like[one.orientation] = known[0] if known else one.orientation
        found.setdefault(like[one.orientation], []).append(index)
        if len(found) > _MOST_DIRECTIONS:
            return whole
    stacks = {turned: held for turned, held in found.items() if len(_places(held, slices)[1]) > 1}
    if len(found) < 2 or not stacks:  # noqa: PLR2004  (directions)
        return whole
    planes = [plane_of(turned) for turned in stacks]
    words = [
        f"{plane} {planes[:at].count(plane) + 1}" if planes.count(plane) > 1 else plane
        for at, plane in enumerate(planes)
    ]
    apart = [(word, tuple(held)) for word, held in zip(words, stacks.values(), strict=True)]
    put = {index for _, held in apart for index in held}
    rest = tuple(index for index in range(len(slices)) if index not in put)
    return [*apart, (OTHERS, rest)] if rest else apart


def _is_like(one: Orientation, other: Orientation) -> bool:
    return bool(np.allclose(one, other, atol=SAME_ORIENTATION))


def _places(indexes: Sequence[int], slices: Sequence[Slice]) -> tuple[list[int], Counter[int]]:
    """Return each slice's position number along the normal, and the count of slices at each."""
    placed = [slices[index] for index in indexes]
    normal = next((normal_of(one.orientation) for one in placed if one.orientation), None)
    heights = np.array([one.position for one in placed], float).reshape(-1, 3) @ (
        np.zeros(3) if normal is None else normal
    )
    order = np.argsort(heights, kind="stable")
    numbers = np.empty(len(indexes), int)
    numbers[order] = np.cumsum(np.diff(heights[order], prepend=heights[order[:1]]) > SAME_PLACE_MM)
    return numbers.tolist(), Counter(numbers.tolist())


def _by_traits(
    indexes: tuple[int, ...], slices: Sequence[Slice], traits: Sequence[Traits]
) -> list[tuple[str, tuple[int, ...]]]:
    """Return the named volumes of one orientation; all slices under "" if there is just one."""
    rows = _rounded([traits[index] for index in indexes])
    placed = [at for at, index in enumerate(indexes) if slices[index].location_mm is not None]
    places = dict(zip(placed, _places([indexes[at] for at in placed], slices)[0], strict=True))
    copies = {(places[at], slices[indexes[at]].number, rows[at]): at for at in reversed(placed)}
    chosen = _separating({at: places[at] for at in sorted(copies.values())}, rows)
    if not chosen:
        return [("", indexes)]
    groups: dict[tuple[Hashable, ...] | None, list[int]] = {}
    for at in placed:
        groups.setdefault(_key(rows[at], chosen), []).append(at)
    for at in range(len(indexes)):
        if at not in places:
            key = _key(rows[at], chosen)
            groups.setdefault(key if key in groups else None, []).append(at)
    unplaced = groups.pop(None, [])
    in_order = sorted(groups.values(), key=lambda held: _rank(rows, held[0], ("b_value", *chosen)))
    names = volume_names([rows[held[0]] for held in in_order], chosen)
    if unplaced:
        names, in_order = [*names, UNPLACED], [*in_order, unplaced]
    return [
        (name, tuple(indexes[at] for at in held))
        for name, held in zip(names, in_order, strict=True)
    ]


def _separating(places: dict[int, int], rows: Sequence[Traits]) -> tuple[str, ...]:
    """Return the traits that distinguish the volumes; () where none do or there is only one."""
    counts = Counter(places.values())
    volumes = max(counts.values(), default=0)
    doubled = sum(count > 1 for count in counts.values())
    if volumes < 2 or 2 * doubled < len(counts) or len(places) < 2 * volumes:  # noqa: PLR2004
        return ()
    values = {name: len({getattr(rows[at], name) for at in places}) for name in Traits._fields}
    telling = [name for name, several in values.items() if 1 < several <= volumes]
    for count in range(1, _MOST_TRAITS + 1):
        for chosen in combinations(telling, count):
            if prod(values[name] for name in chosen) < volumes:
                continue
            keys = {at: _key(rows[at], chosen) for at in places}
            if len(set(keys.values())) != volumes:
                continue
            if len({(keys[at], place) for at, place in places.items()}) == len(places):
                return chosen
    return ()


def _key(row: Traits, chosen: Sequence[str]) -> tuple[Hashable, ...]:
    return tuple(getattr(row, name) for name in chosen)


def _rank(rows: Sequence[Traits], at: int, chosen: Sequence[str]) -> tuple[object, ...]:
    """Return the sort key of a volume: the traits that distinguish volumes, unknown values last."""
    rank: list[object] = []
    for name in chosen:
        value = getattr(rows[at], name)
        unknown = value is None or value == ""
        if not unknown and name in _BY_APPEARANCE:
            value = next(i for i, row in enumerate(rows) if getattr(row, name) == value)
        rank += [unknown, 0 if unknown else value]
    return tuple(rank)


def _rounded(rows: Sequence[Traits]) -> list[Traits]:
    """Return the traits with numbers equalised that differ only by rounding."""
    for name, apart in _ROUNDED.items():
        values = sorted({getattr(row, name) for row in rows} - {None})
        like: dict[float | None, float | None] = {None: None}
        for before, value in zip([None, *values], values, strict=False):
            near = before is not None and value - before <= max(apart, _ROUNDED_SHARE * value)
            like[value] = like[before] if near else value
        if any(value != same for value, same in like.items()):
            rows = [Traits(**{**row._asdict(), name: like[getattr(row, name)]}) for row in rows]
    return [*rows]

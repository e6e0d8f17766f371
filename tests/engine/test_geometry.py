import numpy as np
import pytest

from btgui.engine.geometry import (
    UNKNOWN_ORDER,
    Edges,
    edges_of,
    location_of,
    location_words,
    normal_of,
    place,
    plane_of,
)

AXIAL = (1.0, 0, 0, 0, 1, 0)
CORONAL = (1.0, 0, 0, 0, 0, -1)
SAGITTAL = (0.0, 1, 0, 0, 0, -1)


def tilted(degrees):
    """Return the orientation of an axial slice rotated about the x axis."""
    angle = np.radians(degrees)
    return (1.0, 0, 0, 0, float(np.cos(angle)), float(np.sin(angle)))


@pytest.mark.parametrize(
    ("orientation", "plane"),
    [
        (AXIAL, "axial"),
        (CORONAL, "coronal"),
        (SAGITTAL, "sagittal"),
        (tilted(19), "axial"),
        (tilted(45), "oblique"),
        ((0.0,) * 6, ""),
        ((1.0, 0, 0, 1, 0, 0), ""),
    ],
)
def test_the_plane_follows_from_the_normal(orientation, plane):
    assert plane_of(orientation) == plane


@pytest.mark.parametrize(
    ("orientation", "edges"),
    [
        (AXIAL, Edges("R", "L", "A", "P")),
        (CORONAL, Edges("R", "L", "H", "F")),
        (SAGITTAL, Edges("A", "P", "H", "F")),
        (tilted(30), Edges("R", "L", "AF", "PH")),
    ],
)
def test_letters_at_the_edges(orientation, edges):
    assert edges_of(orientation) == edges


def test_no_letters_are_invented():
    assert edges_of((0.0,) * 6) is None
    assert normal_of((float("nan"),) * 6) is None


def test_a_normal_is_found_once_for_all_slices_and_cannot_be_changed_by_one():
    assert normal_of(AXIAL) is normal_of(AXIAL)
    with pytest.raises(ValueError, match="read-only"):
        normal_of(AXIAL)[0] = 1.0


def placed_at(positions, orientations=None, numbers=None):
    """Place slices, by default axial ones numbered from 1."""
    count = len(positions)
    return place(positions, orientations or [AXIAL] * count, numbers or range(1, count + 1))


def at(*heights):
    return [None if height is None else (0, 0, height) for height in heights]


def test_slices_are_ordered_along_the_normal():
    placed = placed_at(at(10, -5, 0, 5))
    assert placed.order == (1, 2, 3, 0)
    assert placed.distance_mm == 5
    assert placed.findings == ()


def test_a_gap_and_a_doubled_place_are_told():
    placed = placed_at(at(0, 2, 2, 4, 6, 12))
    assert placed.distance_mm == 2
    assert any("another slice: 1." in finding for finding in placed.findings)
    assert any("between slices: 1." in finding for finding in placed.findings)
    assert placed.breaks == (2, 5)


def test_slices_at_the_usual_distance_are_all_neighbours():
    assert placed_at(at(0, 2, 4, 6.9)).breaks == ()


def test_of_two_echoes_at_every_place_no_three_are_neighbours():
    placed = placed_at(at(*(h // 2 for h in range(8))))
    assert placed.breaks == (1, 3, 5, 7)


def test_slices_that_all_lie_at_one_place_have_no_distance_and_are_no_neighbours():
    placed = placed_at(at(4, 4, 4))
    assert (placed.distance_mm, placed.breaks) == (None, (1, 2))


def test_mixed_orientations_keep_the_given_order():
    placed = placed_at(at(5, 0), [AXIAL, CORONAL])
    assert (placed.order, placed.breaks) == ((0, 1), (1,))
    assert "mixed orientations" in placed.findings[0]


def test_slices_of_unknown_place_stand_at_the_end_and_are_no_neighbours():
    placed = placed_at(at(None, 12, 0, None, 3, 6))
    assert placed.order == (2, 4, 5, 1, 0, 3)
    assert placed.breaks == (3, 4, 5)  # the gap from 6 to 12, and both without a place
    assert placed.distance_mm == 3
    assert placed.findings[0] == "2 of 6 slices have no position. They come last."
    assert "Gaps wider than the usual 3.00 mm" in placed.findings[1]


@pytest.mark.parametrize("where", [0, 2, 4])
def test_a_picture_of_no_valid_orientation_disturbs_no_other(where):
    positions, orientations = at(0, 2, 6, 8), [AXIAL] * 4
    positions.insert(where, (0, 0, 0))
    orientations.insert(where, (0.0,) * 6)
    placed = placed_at(positions, orientations)
    assert placed.order == (*(index for index in range(5) if index != where), where)
    assert placed.findings[0] == "1 of 5 slices has no position. It comes last."
    assert placed.breaks[-1] == 4


def test_without_any_place_numbers_tell_neighbours():
    placed = placed_at([None] * 5, [None] * 5)
    assert (placed.order, placed.breaks) == ((0, 1, 2, 3, 4), ())
    assert placed.findings == ("5 of 5 slices have no position.",)
    gap = placed_at([None] * 5, [None] * 5, [2, 4, 6, 12, 14])
    assert gap.breaks == (3,)
    assert gap.findings[1] == "Gaps in the slice numbers: 1. Slices may be missing."


@pytest.mark.parametrize("numbers", [[0, 0, 0], [1, 2, 2]])
def test_without_places_and_numbers_none_are_neighbours(numbers):
    placed = placed_at([None] * 3, [None] * 3, numbers)
    assert placed.breaks == (1, 2)
    assert placed.findings[1] == UNKNOWN_ORDER
    broken = placed_at(at(0, 1, 2), [(0.0,) * 6] * 3, numbers)
    assert broken.breaks == (1, 2)
    assert "orientation in the header is not valid" in broken.findings[0]


def test_an_empty_series_has_no_order():
    assert place([], [], []).order == ()


@pytest.mark.parametrize(
    ("orientation", "position", "words"),
    [
        (AXIAL, (0, 0, 20), "H 20.0 mm"),
        (AXIAL, (0, 0, -20), "F 20.0 mm"),
        (CORONAL, (0, 34.5, 0), "P 34.5 mm"),
        (CORONAL, (0, -34.5, 0), "A 34.5 mm"),
        (SAGITTAL, (-109, 0, 0), "R 109.0 mm"),
        ((0.0, -1, 0, 0, 0, -1), (-109, 0, 0), "R 109.0 mm"),
        (SAGITTAL, (109, 0, 0), "L 109.0 mm"),
        (SAGITTAL, (0, 0, 0), "L 0.0 mm"),
        (tilted(45), (0, 0, 10), "7.1 mm"),
    ],
)
def test_a_place_is_named_by_the_patient_s_side(orientation, position, words):
    found = location_of(position, orientation)
    assert location_words(found, plane_of(orientation)) == words

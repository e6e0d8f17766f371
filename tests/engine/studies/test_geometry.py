import numpy as np
import pytest

from btgui.engine.studies.geometry import Edges, edges_of, normal_of, place, plane_of

AXIAL = (1.0, 0, 0, 0, 1, 0)
CORONAL = (1.0, 0, 0, 0, 0, -1)
SAGITTAL = (0.0, 1, 0, 0, 0, -1)


def tilted(degrees):
    """An axial slice turned about the x axis."""
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


def test_slices_are_ordered_along_the_normal():
    placed = place([(0, 0, 10), (0, 0, -5), (0, 0, 0), (0, 0, 5)], [AXIAL] * 4)
    assert placed.order == (1, 2, 3, 0)
    assert placed.distance_mm == 5
    assert placed.findings == ()


def test_a_gap_and_a_doubled_place_are_told():
    heights = [0, 2, 2, 4, 6, 12]
    placed = place([(0, 0, h) for h in heights], [AXIAL] * 6)
    assert placed.distance_mm == 2
    assert any("another slice: 1." in finding for finding in placed.findings)
    assert any("between slices: 1." in finding for finding in placed.findings)
    assert placed.breaks == (2, 5)


def test_slices_at_the_usual_distance_are_all_neighbours():
    assert place([(0, 0, h) for h in (0, 2, 4, 6.9)], [AXIAL] * 4).breaks == ()


def test_of_two_echoes_at_every_place_no_three_are_neighbours():
    placed = place([(0, 0, h // 2) for h in range(8)], [AXIAL] * 8)
    assert placed.breaks == (1, 3, 5, 7)


def test_mixed_orientations_keep_the_given_order():
    placed = place([(0, 0, 5), (0, 0, 0)], [AXIAL, CORONAL])
    assert (placed.order, placed.breaks) == ((0, 1), (1,))
    assert "mixed orientations" in placed.findings[0]


def test_an_unknown_place_is_told():
    placed = place([(0, 0, 5), None], [AXIAL, AXIAL])
    assert (placed.order, placed.distance_mm) == ((0, 1), None)
    assert "1 of 2 slices" in placed.findings[0]


def test_an_empty_series_has_no_order():
    assert place([], []).order == ()

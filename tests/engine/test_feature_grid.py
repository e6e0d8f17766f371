from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.feature_grid import FeatureGrid, GridAxis

FEW = GridAxis(37.5 / 200, 32 / 200, 4)  # InceptionV3's last cells on 200 pixels


@pytest.mark.parametrize("moved", [0.0, 1e-9])
def test_a_map_of_even_cells_is_enlarged_as_opencv_does(moved):
    heat = np.random.default_rng(0).random((7, 5)).astype(np.float32)
    even = FeatureGrid.even((7, 5))
    grid = replace(even, rows=replace(even.rows, first=even.rows.first + moved))
    expected = cv2.resize(heat, (190, 230), interpolation=cv2.INTER_LINEAR)
    assert grid.enlarged(heat, (230, 190)) == pytest.approx(expected, abs=1e-5)


def test_a_mask_on_even_cells_is_reduced_as_opencv_does():
    mask = np.random.default_rng(0).random((70, 50)).astype(np.float32)
    reduced = FeatureGrid.even((7, 10)).reduced(mask)
    expected = cv2.resize(mask, (10, 7), interpolation=cv2.INTER_AREA)
    assert reduced == pytest.approx(expected, abs=1e-6)


def test_each_cell_has_its_value_at_its_centre_and_outer_ones_up_to_the_border():
    weights = FEW.interpolation(200)  # pixel 37 reaches from 37 to 38, so its middle is a centre
    assert weights[[37, 69, 101, 133]] == pytest.approx(np.eye(4))
    assert weights[[0, 36]] == pytest.approx(np.array([[1, 0, 0, 0]] * 2))
    assert weights[[134, 199]] == pytest.approx(np.array([[0, 0, 0, 1]] * 2))
    assert weights[45] == pytest.approx([0.75, 0.25, 0, 0])
    assert weights.sum(axis=1) == pytest.approx(1)


def test_a_cell_averages_what_is_nearer_to_it_than_to_another():
    weights = FEW.averaging(200)
    # The borders between cells are at 53.5, 85.5 and 117.5.
    assert (weights > 0).sum(axis=1).tolist() == [54, 33, 33, 83]
    assert weights.sum(axis=1) == pytest.approx(1)
    assert weights[0, [0, 53]] == pytest.approx([1 / 53.5, 0.5 / 53.5])


@pytest.mark.parametrize("length", [1, 2, 3])
def test_single_cells_and_pixels_will_do(length):
    assert GridAxis.even(1).interpolation(length) == pytest.approx(np.ones((length, 1)))
    assert GridAxis.even(4).interpolation(length).sum(axis=1) == pytest.approx(1)
    assert GridAxis.even(4).averaging(length).sum(axis=1) == pytest.approx(1)


def test_a_centre_outside_the_input_is_on_its_border():
    axis = GridAxis(-0.01, 0.34, 4)  # the last at 1.01
    grid = FeatureGrid(axis, axis)
    assert grid.centre(0, 3) == (0, 1)
    assert grid.centre(1, 2) == pytest.approx((0.33, 0.67))
    weights = axis.averaging(100)  # between cells at 0.16, 0.5 and 0.84
    assert (weights > 1e-6).sum(axis=1).tolist() == [16, 34, 34, 16]


@pytest.mark.parametrize(
    "values",
    [
        {"first": 0.1, "step": 0.2, "count": 0},
        {"first": 0.1, "step": 0.2, "count": 4.0},
        {"first": 0.1, "step": 0.0, "count": 4},
        {"first": float("nan"), "step": 0.2, "count": 4},
        {"first": 0.1, "step": float("inf"), "count": 4},
        {"first": 0.1, "step": 5.0, "count": 4},
        {"first": "0.1", "step": 0.2, "count": 4},
        {"first": 0.1, "step": 0.2, "count": 1_000_000},
    ],
)
def test_numbers_that_no_network_has_are_refused(values):
    with pytest.raises((TypeError, ValueError)):
        FeatureGrid.from_json({"rows": values, "columns": values})

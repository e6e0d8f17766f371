from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.feature_grid import FeatureGrid, GridAxis
from btgui.engine.results import StageMap
from training.evaluating.explanations import compare, measure_pointing, summarise


def heat_at(row, column, side=224):
    heat = np.zeros((side, side), np.float32)
    heat[row, column] = 1
    return heat


def shown(heat):
    grid = FeatureGrid.even(heat.shape)
    return StageMap("Stage 5", "last", heat, grid, heat)


@pytest.fixture
def mask():
    outline = np.zeros((224, 224), np.uint8)
    outline[100:120, 100:120] = 255
    return outline


@pytest.mark.parametrize(
    ("place", "exact", "near"),
    [((110, 110), True, True), ((110, 134), False, True), ((110, 135), False, False)],
)
def test_the_hottest_point_is_in_the_tumour_near_it_or_neither(mask, place, exact, near):
    # The tumour's last column is 119: 15 pixels from it is column 134.
    found = compare(shown(heat_at(*place)), mask, "glioma", "grad_cam")
    assert (found.exact, found.near) == (exact, near)


@pytest.mark.parametrize(("place", "near"), [(67, True), (68, False)])
def test_the_tolerance_is_of_the_pictures_side(place, near):
    # On half the side it is seven and a half pixels; the tumour's last column is 60.
    outline = np.zeros((112, 112), np.uint8)
    outline[50:61, 50:61] = 255
    found = compare(shown(heat_at(55, place, 112)), outline, "glioma", "grad_cam")
    assert (found.exact, found.near) == (False, near)


@pytest.mark.parametrize("cell", [(0, 3), (6, 3), (3, 0), (3, 6), (0, 0), (6, 6)])
def test_a_tumour_at_the_rim_is_met_on_every_side_alike(cell):
    outline = np.zeros((224, 224), np.uint8)
    middle = [32 * place + 16 for place in cell]
    outline[middle[0] - 4 : middle[0] + 4, middle[1] - 4 : middle[1] + 4] = 255
    found = compare(shown(heat_at(*cell, side=7)), outline, "meningioma", "grad_cam")
    assert (found.exact, found.near) == (True, True)


def test_the_hottest_point_lies_where_its_cell_looks(mask):
    # As InceptionV3's last four cells on 200 pixels: even cells would be at 28, 84, 140 and 196 of 224.
    axis = GridAxis(37.5 / 200, 32 / 200, 4)  # at 42, 78, 114 and 150
    at_tumour = replace(shown(heat_at(2, 2, side=4)), grid=FeatureGrid(axis, axis))
    assert compare(at_tumour, mask, "glioma", "grad_cam").exact
    assert not compare(shown(heat_at(2, 2, side=4)), mask, "glioma", "grad_cam").near


def test_the_share_of_heat_inside_is_that_of_the_heat_not_of_the_area(mask):
    heat = heat_at(110, 110) * 3 + heat_at(10, 10)
    found = compare(shown(heat), mask, "glioma", "grad_cam")
    assert found.heat_inside == pytest.approx(0.75)
    assert found.tumour_share == pytest.approx(400 / 224**2)
    # A square of 20 with 15 around it, its corners round.
    assert found.near_share == pytest.approx((400 + 4 * 20 * 15 + np.pi * 15**2) / 224**2, rel=0.03)


def test_heat_that_knows_nothing_has_the_tumour_s_share(mask):
    found = compare(shown(np.ones((7, 7), np.float32)), mask, "glioma", "grad_cam")
    assert found.heat_inside == pytest.approx(found.tumour_share)


def test_a_map_without_evidence_points_nowhere(mask):
    found = compare(shown(np.zeros((7, 7), np.float32)), mask, "glioma", "grad_cam")
    assert (found.exact, found.near, found.heat_inside) == (False, False, 0.0)


def test_rows_are_by_method_stage_and_class_and_over_all_classes(mask):
    hit = compare(shown(heat_at(110, 110)), mask, "glioma", "grad_cam")
    miss = compare(shown(heat_at(5, 5)), mask, "pituitary", "grad_cam")
    others = [replace(miss, stage="Stage 4"), replace(miss, method="grad_cam_plus_plus")]
    rows = summarise([hit, replace(miss, scan=1), *others], np.arange(2))
    rows = {
        row["class"]: row
        for row in rows
        if (row["method"], row["stage"]) == ("grad_cam", "Stage 5")
    }
    assert {name: row["exact"]["value"] for name, row in rows.items()} == {
        "all": 0.5,
        "glioma": 1.0,
        "pituitary": 0.0,
    }
    assert rows["all"]["count"] == 2
    assert rows["all"]["heat_inside"]["value"] == pytest.approx(0.5)


def test_one_scan_cannot_tell_how_sure_its_share_is_and_no_bound_leaves_0_and_1(mask):
    def shares(*pointings):
        numbered = [replace(one, scan=place) for place, one in enumerate(pointings)]
        return summarise(numbered, np.arange(len(numbered)))[0]["heat_inside"]

    def share(inside):
        heat = inside * heat_at(110, 110) + (1 - inside) * heat_at(10, 10)
        return compare(shown(heat), mask, "glioma", "grad_cam")

    alone = shares(share(0.5))
    assert alone["value"] == pytest.approx(0.5)
    assert np.isnan([alone["low"], alone["high"]]).all()
    # With a standard error of 0.01, and Student's 12.7 for two scans.
    two = shares(share(0.6), share(0.62))
    assert (two["low"], two["high"]) == pytest.approx((0.61 - 0.127, 0.61 + 0.127), abs=1e-3)
    # With one of 0.2: to more than 1, were it no share.
    far = shares(share(1.0), share(0.6))
    assert (far["low"], far["high"]) == (0.0, 1.0)


def test_maps_of_one_patients_slices_tell_less(mask):
    hit = compare(shown(heat_at(110, 110)), mask, "glioma", "grad_cam")
    miss = compare(shown(heat_at(5, 5)), mask, "glioma", "grad_cam")
    found = [replace(hit if n % 8 < 4 else miss, scan=n) for n in range(80)]
    # Slices that are all alike, and two hits and two misses of each patient.
    ways = np.arange(80), np.repeat(np.arange(20), 4), np.tile(np.arange(20), 4)
    for name in ("exact", "near", "heat_inside"):
        alone, together, mixed = (summarise(found, of)[0][name] for of in ways)
        assert mixed == pytest.approx(alone)
        assert together["value"] == alone["value"] == pytest.approx(0.5)
        assert together["high"] - together["low"] > 1.8 * (alone["high"] - alone["low"])


def test_scans_without_a_usable_outline_are_passed_over_and_the_others_keep_their_places(
    tiny_pack, make_heads, tmp_path, said
):
    broken, hollow, _ = files = make_heads(3)
    broken.write_bytes(b"broken")
    for file in files:
        outline = np.zeros((96, 96), np.uint8)
        outline[40:56, 40:56] = 0 if file == hollow else 255
        cv2.imwrite(str(tmp_path / f"mask of {file.name}"), outline)
    masks = {file.resolve(): tmp_path / f"mask of {file.name}" for file in files}
    scans = [LabelledScan(file, "glioma", "test", "made") for file in files]
    found = measure_pointing(Analyser(tiny_pack), scans, masks, said.append, lambda: None)
    assert {(one.scan, one.label) for one in found} == {(2, "glioma")}
    assert len({(one.method, one.stage) for one in found}) == len(found) == 2 * 5
    assert said[-1] == "1 of 3 outlines marks nothing within the head and was left out."

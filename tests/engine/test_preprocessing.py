import cv2
import numpy as np
import pytest

from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import (
    PLAIN,
    CropBox,
    PreprocessingParameters,
    colour,
    find_head,
    map_to_scan,
    preprocess,
    scale_pixels,
)

PARAMETERS = PreprocessingParameters()


def rectangle(height=120, width=100, *, top=30, left=20, bottom=90, right=80, level=150):
    grey = np.zeros((height, width), np.uint8)
    # At 150 the blur leaves 37 beside the edge, under the threshold of 45: the outline is exact.
    grey[top:bottom, left:right] = level
    return grey


def test_the_crop_is_exactly_the_bright_rectangle():
    outline = find_head(rectangle(), PARAMETERS)
    assert outline.box == CropBox(20, 30, 80, 90)
    assert outline.note == ""
    leftmost, rightmost, topmost, bottommost = outline.extreme_points
    assert (leftmost[0], rightmost[0], topmost[1], bottommost[1]) == (20, 79, 30, 89)


def test_the_largest_of_several_outlines_is_the_head():
    grey = rectangle()
    grey[2:12, 2:12] = 255
    assert find_head(grey, PARAMETERS).box == CropBox(20, 30, 80, 90)


@pytest.mark.parametrize(("side", "is_head"), [(55, False), (60, True)])
def test_what_covers_a_fiftieth_of_the_picture_may_be_a_head(side, is_head):
    # Of 160,000 pixels 3,200; what is drawn has an outline of a pixel less on each side.
    grey = rectangle(400, 400, top=100, left=100, bottom=100 + side, right=100 + side)
    outline = find_head(grey, PARAMETERS)
    assert (outline.note == "") == is_head
    found = CropBox(100, 100, 100 + side, 100 + side)
    assert outline.box == (found if is_head else CropBox(0, 0, 400, 400))


@pytest.mark.parametrize(("rows", "is_doubtful"), [(20, False), (28, True)])
def test_a_crop_that_leaves_out_much_of_what_is_bright_is_doubted(rows, is_doubtful):
    grey = rectangle()  # 3,600 pixels
    grey[:rows] = 150  # 2,000 pixels out of the crop, or 2,800
    outline = find_head(grey, PARAMETERS)
    assert (outline.box, outline.has_head) == (CropBox(20, 30, 80, 90), True)
    assert outline.note.startswith("The crop leaves out much") is is_doubtful
    assert bool(outline.note) is is_doubtful


@pytest.mark.parametrize(
    ("grey", "words"),
    [
        (np.zeros((50, 60), np.uint8), "No head outline"),
        (np.full((1, 1), 255, np.uint8), "No head outline|too small|"),
        (rectangle(400, 400, top=10, left=10, bottom=20, right=20), "too small to be a head"),
    ],
)
def test_where_the_reference_code_crashes_the_whole_scan_is_kept(grey, words):
    result = preprocess(grey, PARAMETERS)
    height, width = grey.shape
    assert result.outline.box == CropBox(0, 0, width, height)
    assert np.isfinite(result.network_input).all()
    assert not result.outline.has_head or not words
    if words:
        assert any(word in result.outline.note for word in words.split("|"))


def test_every_step_has_its_promised_shape_and_type():
    result = preprocess(rectangle(), PARAMETERS)
    assert result.cropped.shape == (60, 60)
    assert result.filtered.shape == (256, 256)
    assert result.coloured.shape == (256, 256, 3)
    assert result.resized.shape == (200, 200, 3)
    assert result.network_input.shape == (200, 200, 3)
    assert result.network_input.dtype == np.float32


def test_pixel_scalings_by_hand():
    rgb = np.array([[[0, 127, 255]]], np.uint8)
    assert scale_pixels(rgb, "minus_one_to_one")[0, 0] == pytest.approx([-1, 127 / 127.5 - 1, 1])
    assert scale_pixels(rgb, "zero_to_one")[0, 0] == pytest.approx([0, 127 / 255, 1])
    assert scale_pixels(rgb, "imagenet_bgr_mean")[0, 0] == pytest.approx(
        [255 - 103.939, 127 - 116.779, 0 - 123.68]
    )


@pytest.mark.parametrize("scaling", ["minus_one_to_one", "zero_to_one", "imagenet_bgr_mean"])
def test_pixels_are_scaled_alike_into_memory_of_their_own_and_into_a_batch(scaling):
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    batch = np.full((2, 20, 30, 3), 9, np.float32)
    assert np.shares_memory(scale_pixels(rgb, scaling, out=batch[1]), batch)
    assert np.array_equal(batch[1], scale_pixels(rgb, scaling))
    assert (batch[0] == 9).all()


def test_a_map_returns_to_the_place_on_the_scan_that_it_came_from():
    """A bright spot on the scan and its map must end up at the same place."""
    parameters = PreprocessingParameters(colormap="none")
    grey = np.zeros((300, 260), np.uint8)
    cv2.ellipse(grey, (130, 140), (80, 100), 0, 0, 360, 100, -1)
    cv2.circle(grey, (170, 90), 6, 255, -1)
    result = preprocess(grey, parameters)
    spot = (result.resized[:, :, 0] > 180).astype(np.float32)
    on_scan = map_to_scan(spot, FeatureGrid.even(spot.shape), result.outline.box, (300, 260))
    rows, columns = np.nonzero(on_scan > 0.5)
    assert columns.mean() == pytest.approx(170, abs=1)
    assert rows.mean() == pytest.approx(90, abs=1)
    box = result.outline.box
    outside = np.ones((300, 260), bool)
    outside[box.top : box.bottom, box.left : box.right] = False
    assert np.isnan(on_scan[outside]).all()
    assert np.isfinite(on_scan[~outside]).all()


def test_parameters_survive_their_json_form_and_bad_ones_are_named():
    assert PreprocessingParameters.from_json(PARAMETERS.to_json()) == PARAMETERS
    for wrong, words in (
        ({"colour": 1}, "colour"),
        ({"colormap": "rainbow"}, "rainbow"),
        ({"pixel_scaling": "none"}, "none"),
        ({"input_height": 5}, "16 to 2048"),
        ({"crop_to_head": "no"}, "expected crop_to_head true or false, received 'no'"),
        ({"colormap": []}, "expected colormap one of"),
        ({"blur_kernel": 4}, "expected blur_kernel an odd whole number from 1 to 31, received 4"),
        ({"threshold": "x"}, "expected threshold a whole number from 0 to 255, received 'x'"),
        ({"threshold": True}, "expected threshold"),
        ({"erode_iterations": 10**9}, "expected erode_iterations a whole number from 0 to 50"),
        ({"dilate_iterations": -1}, "expected dilate_iterations"),
        ({"bilateral_diameter": 5000}, "expected bilateral_diameter"),
        ({"bilateral_sigma_space": float("nan")}, "expected bilateral_sigma_space a number from 0"),
        ({"bilateral_sigma_colour": "x"}, "expected bilateral_sigma_colour a number from 0"),
        ({"bilateral_sigma_colour": True}, "expected bilateral_sigma_colour a number from 0"),
    ):
        with pytest.raises(ValueError, match=words):
            PreprocessingParameters.from_json(PARAMETERS.to_json() | wrong)


@pytest.mark.parametrize(
    "extreme",
    [
        {"blur_kernel": 31, "threshold": 255, "erode_iterations": 0, "dilate_iterations": 50},
        {"blur_kernel": 1, "threshold": 0, "erode_iterations": 50, "bilateral_diameter": 25},
        {"bilateral_sigma_colour": 0, "bilateral_sigma_space": 1000.0, "working_size": 16},
    ],
)
def test_what_a_card_may_ask_for_can_be_done(extreme):
    parameters = PreprocessingParameters.from_json(PARAMETERS.to_json() | extreme)
    assert preprocess(rectangle(), parameters).network_input.shape == (200, 200, 3)


def test_a_card_from_before_the_crop_could_be_left_out_crops():
    older = PARAMETERS.to_json()
    del older["crop_to_head"]
    assert PreprocessingParameters.from_json(older) == PARAMETERS
    assert not PARAMETERS.is_plain


def test_plain_preprocessing_only_resizes_the_whole_scan_in_grey():
    generator = np.random.default_rng(0)
    grey = generator.integers(0, 256, (300, 260)).astype(np.uint8)
    result = preprocess(grey, PLAIN)
    assert PLAIN.is_plain
    assert result.outline.box == CropBox(0, 0, 260, 300)
    assert (len(result.outline.contour), result.outline.extreme_points) == (0, ())
    assert (result.outline.note, result.outline.has_head) == ("", True)  # it was asked for
    expected = cv2.resize(grey, (256, 256), interpolation=cv2.INTER_LINEAR)
    assert np.array_equal(result.filtered, expected)
    assert np.array_equal(result.coloured, np.stack([expected] * 3, axis=2))
    ones, grid = np.ones((7, 7), np.float32), FeatureGrid.even((7, 7))
    on_scan = map_to_scan(ones, grid, result.outline.box, grey.shape)
    assert np.isfinite(on_scan).all()


def test_without_the_crop_alone_the_rest_of_the_preprocessing_stays():
    uncropped = PreprocessingParameters(crop_to_head=False)
    assert not uncropped.is_plain
    grey = rectangle()
    assert find_head(grey, uncropped).box == CropBox(0, 0, 100, 120)
    whole = cv2.resize(grey, (256, 256), interpolation=cv2.INTER_LINEAR)
    filtered = cv2.bilateralFilter(whole, 2, 50, 50)
    assert np.array_equal(preprocess(grey, uncropped).filtered, filtered)


@pytest.mark.parametrize("wrong", [np.zeros((3, 3), np.float32), np.zeros((0, 4), np.uint8)])
def test_anything_but_grey_pixels_is_refused(wrong):
    with pytest.raises(ValueError, match="expected a \\(height, width\\) uint8 array"):
        preprocess(wrong, PARAMETERS)


def test_colours_are_those_of_opencv_for_every_grey_level():
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    expected = cv2.applyColorMap(levels, cv2.COLORMAP_BONE)[:, :, ::-1]
    assert np.array_equal(colour(levels, PreprocessingParameters()), expected)

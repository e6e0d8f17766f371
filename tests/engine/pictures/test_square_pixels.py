import numpy as np
import pytest

from btgui.engine.pictures.square_pixels import with_square_pixels

PICTURE = np.arange(40 * 30 * 3, dtype=np.uint8).reshape(40, 30, 3)


@pytest.mark.parametrize(
    ("spacing", "shape"),
    [
        ((2.0, 0.5), (160, 30, 3)),
        ((0.5, 1.0), (40, 60, 3)),
        ((0.9, 1.8), (40, 60, 3)),
    ],
)
def test_a_picture_gets_the_proportions_of_the_body(spacing, shape):
    made = with_square_pixels(PICTURE, spacing)
    assert (made.shape, made.dtype) == (shape, np.uint8)


def test_no_side_becomes_longer_than_4096_pixels():
    assert with_square_pixels(np.zeros((100, 400), np.uint8), (1.0, 50.0)).shape == (20, 4096)


def test_grey_pictures_too():
    assert with_square_pixels(PICTURE[..., 0], (2.0, 1.0)).shape == (80, 30)


@pytest.mark.parametrize("spacing", [None, (1.0, 1.0), (0.8, 0.801), (0.0, 1.0), (1.0, 1e9)])
def test_a_square_or_impossible_spacing_changes_nothing(spacing):
    assert with_square_pixels(PICTURE, spacing) is PICTURE

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from btgui.views.widgets.picture_label import to_image
from btgui.views.widgets.shrunk_picture import ShrunkPicture


def _drawn(pixels, width, height, part=None):
    """Return the grey levels of a picture that fills a place of this size."""
    image = to_image(pixels)
    target = QImage(width, height, QImage.Format.Format_RGB32)
    target.fill(0)
    painter = QPainter(target)
    place = QRectF(0, 0, width, height)
    ShrunkPicture().draw(painter, place, image, part or QRectF(image.rect()))
    painter.end()
    return np.array(
        [[target.pixelColor(x, y).red() for x in range(width)] for y in range(height)], float
    )


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("times", [3, 8, 20])
def test_every_row_and_column_counts_however_small_a_picture_is_drawn(times, turned):
    pixels = np.zeros((50 * times, 50 * times), np.uint8)
    pixels[::times] = 255  # one line for each that is drawn
    drawn = _drawn(pixels.T if turned else pixels, 50, 50)
    np.testing.assert_allclose(drawn, 255 / times, atol=3)


def test_a_part_is_drawn_at_its_own_place():
    pixels = np.zeros((400, 400), np.uint8)
    pixels[:, 200:] = 255
    drawn = _drawn(pixels, 40, 40, QRectF(100, 100, 200, 200))
    assert drawn[:, :19].max() == 0
    assert drawn[:, 21:].min() == 255


def test_what_is_not_made_much_smaller_is_drawn_as_ever():
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4) * 16
    np.testing.assert_array_equal(_drawn(pixels, 4, 4), pixels)

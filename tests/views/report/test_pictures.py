from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from btgui.engine.pictures.turn import PictureTurn
from btgui.views.report.pictures import heat_image, places, scan_image

TURNS = [PictureTurn(mirrored, quarters) for mirrored in (False, True) for quarters in range(4)]


@pytest.fixture
def spot(shown):
    """A scan of 40 rows and 60 columns with one bright place, whose pixels are twice as high."""
    grey = np.zeros((40, 60), np.uint8)
    grey[8:12, 12:18] = 255
    scan = replace(shown.scan, grey=grey, spacing_mm=(1.0, 0.5))
    return replace(shown, scan=scan)


def test_pictures_are_sharp_and_in_the_proportions_of_the_body(spot):
    size = scan_image(spot).size()
    assert size.height() == 900
    assert size.width() == pytest.approx(900 * 60 * 0.5 / 40, abs=1)


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_what_is_measured_stays_on_its_place_however_the_scan_is_turned(spot, turn):
    turned = replace(spot, turn=turn)
    image = scan_image(turned)
    [place] = places(turned, ((15.0, 10.0),), QRectF(0, 0, image.width(), image.height()))
    assert image.pixelColor(place.toPoint()).red() > 200


def test_places_lie_within_the_rectangle_that_the_picture_fills(spot):
    corners = places(spot, ((0, 0), (60, 40)), QRectF(100, 200, 30, 40))
    assert corners == [QPointF(100, 200), QPointF(130, 240)]


def test_the_heatmap_is_turned_like_the_scan_and_as_large(shown, heat):
    for turn in TURNS[:3]:
        turned = replace(shown, turn=turn)
        assert heat_image(turned, heat).size() == scan_image(turned).size()


def test_the_heatmap_is_as_it_is_shown(shown, heat):
    faint = replace(heat, style=replace(heat.style, opacity=0.0))
    lines = replace(heat, style=replace(heat.style, contours=True))
    pictures = [heat_image(shown, one) for one in (heat, faint, lines)]
    assert pictures[1].isGrayscale()
    assert not pictures[0].isGrayscale()
    assert pictures[2] != pictures[0]

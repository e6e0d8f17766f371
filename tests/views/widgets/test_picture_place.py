import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from btgui.engine.pictures.turn import PictureTurn
from btgui.views.widgets.picture_place import Place, fitting, seen_part

WIDE = QRectF(10, 20, 200, 100)


@pytest.mark.parametrize("view", [QSizeF(300, 300), QSizeF(500, 100), QSizeF(100, 500)])
def test_the_whole_picture_fits_with_a_little_room_in_the_view_s_own_shape(view):
    seen = seen_part(Place(), WIDE, view)
    assert seen.contains(WIDE)
    assert seen.center() == WIDE.center()
    assert seen.width() / seen.height() == pytest.approx(view.width() / view.height())
    assert min(seen.width() / 200, seen.height() / 100) == pytest.approx(1.04)
    assert seen.size() == fitting(WIDE.size(), view)


def test_a_nearer_part_is_as_much_smaller_and_lies_about_its_centre():
    whole = fitting(WIDE.size(), QSizeF(300, 300))
    seen = seen_part(Place(0.25, 0.5, 4.0), WIDE, QSizeF(300, 300))
    assert seen.center() == QPointF(10 + 50, 20 + 50)
    assert seen.width() == pytest.approx(whole.width() / 4)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", range(4))
def test_a_part_of_a_turned_picture_is_found_in_the_picture_before_it_was_turned(
    mirrored, quarters
):
    turn = PictureTurn(mirrored, quarters)
    (xx, xy), (yx, yy) = turn.matrix()
    across, down = -0.3, 0.1  # from the middle of the picture before
    seen = Place(0.5 + xx * across + xy * down, 0.5 + yx * across + yy * down, 2.0)
    found = seen.before(turn)
    assert (found.x, found.y, found.zoom) == (pytest.approx(0.2), pytest.approx(0.6), 2.0)
    there = found.after(turn)
    assert (there.x, there.y, there.zoom) == pytest.approx((seen.x, seen.y, seen.zoom))

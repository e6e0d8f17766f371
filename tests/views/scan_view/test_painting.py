import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from btgui.engine.geometry import Edges
from btgui.views.scan_view.corners import Corners
from btgui.views.scan_view.painting import paint_corners, paint_measurement


def drawn(**corners) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(20)
    painter.setFont(font)
    paint_corners(
        painter, QRectF(image.rect()), Corners(edges=Edges("R", "L", "A", "P"), **corners)
    )
    painter.end()
    return image


@pytest.mark.parametrize(("spacing", "told"), [(("0.5 mm",), True), (("JPEG", "0.5 mm"), False)])
def test_a_line_that_is_alone_is_written_whole_in_a_small_view(qapp, spacing, told):
    first, second = (
        drawn(bottom_left=(f"W 700  C {centre}", "59%"), bottom_right=spacing)
        for centre in (350, 999)
    )
    assert (first != second) == told


def test_no_line_reaches_the_letter_at_the_middle_of_an_edge(qapp):
    name = drawn(top_left=("DOE^JANE MARY ELISABETH",))
    beside = range(90, 200)
    assert all(name.pixel(x, y) == 0xFF000000 for x in beside for y in range(30))


def measured(path, text) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_measurement(painter, [QPointF(*point) for point in path], text, chosen=False)
    painter.end()
    return image


@pytest.mark.parametrize(
    "path",
    [
        ((140, 100), (60, 100)),  # a ruler that was drawn to the left
        ((60, 140), (100, 60)),
        ((100, 60), (100, 100)),
        ((60, 80), (100, 100), (140, 80)),  # an angle that opens up
        ((140, 60), (100, 100), (140, 140)),
        ((60, 100), (100, 100), (140, 100)),
        ((100, 100), (100, 100)),  # where a ruler begins
        ((140, 100), (6, 100)),  # one that ends where there is no room beyond
        ((60, 100), (196, 100)),
        ((60, 140), (60, 3)),
        ((60, 100), (60, 185)),
        ((190, 100), (190, 3)),
        ((60, 100), (230, 100)),  # beyond what is seen
    ],
)
def test_what_is_measured_is_not_written_over_the_lines(qapp, path):
    bare, written = measured(path, ""), measured(path, "121.4°")
    places = [(x, y) for x in range(200) for y in range(200)]
    assert all(
        written.pixel(*at) == bare.pixel(*at) for at in places if bare.pixel(*at) != 0xFF000000
    )
    assert bare != written

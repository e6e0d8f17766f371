import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from btgui.engine.geometry import Edges
from btgui.views.scan_view.corners import Corners
from btgui.views.scan_view.painting import paint_corners


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

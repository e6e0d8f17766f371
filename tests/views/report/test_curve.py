import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from btgui.engine.studies.series_verdict import SliceReading
from btgui.views.report.curve import Curve, draw_curve
from btgui.views.report.sheet import Sheet
from btgui.views.theme import class_colour

NAMES = ("Glioma", "No tumour")
DOTS = 11811  # a metre: 300 an inch


class Listening(Sheet):
    """A sheet that records the texts written on it."""

    written: tuple[str, ...] = ()

    def text(self, x, y, width, text, *more, **how):
        self.written += (text,)
        return super().text(x, y, width, text, *more, **how)


@pytest.fixture
def drawn(qapp):
    """Return a function that draws a curve and returns the picture and the texts."""

    def draw(readings, deciding=(), index=0):
        image = QImage(2000, 600, QImage.Format.Format_RGB32)
        image.setDotsPerMeterX(DOTS)
        image.setDotsPerMeterY(DOTS)
        image.fill(QColor("white"))
        painter = QPainter(image)
        sheet = Listening(painter, 1.0, draws=True)
        end = draw_curve(sheet, 0, Curve(tuple(readings), NAMES, deciding, index))
        painter.end()
        assert end < sheet.height
        return image, sheet.written

    return draw


def colours(image):
    return {
        image.pixelColor(QPointF(x, y).toPoint()).name()
        for x in range(130, 2000, 3)
        for y in range(60, 400, 3)
    }


def test_a_line_a_class_is_drawn_with_its_name_and_the_slice_that_is_shown(drawn):
    readings = [SliceReading(n, (0.3, 0.7)) for n in range(8)]
    image, written = drawn(readings, index=4)
    assert {class_colour(0).name(), class_colour(1).name()} <= colours(image)
    assert {*NAMES, "0 %", "100 %", "1", "slice 5, shown", "8"} <= set(written)
    assert "decided the verdict" not in written
    assert "no head: not counted" not in written


def test_what_decided_and_what_does_not_count_is_told_where_there_is_any(drawn):
    readings = [SliceReading(n, (0.3, 0.7), has_head=n > 0) for n in range(6)]
    _, written = drawn(readings, deciding=(2, 3, 4))
    assert "decided the verdict" in written
    assert "no head: not counted" in written


def test_slices_that_were_not_read_leave_a_hole(drawn):
    whole = [SliceReading(n, (1.0, 0.5)) for n in range(9)]
    holed = [one if one.index != 4 else SliceReading(4, problem="damaged") for one in whole]
    line = class_colour(0).name()

    def columns(image):
        return {
            x
            for x in range(130, 2000)
            for y in range(40, 90)
            if image.pixelColor(x, y).name() == line
        }

    gone = columns(drawn(whole)[0]) - columns(drawn(holed)[0])
    assert max(gone) - min(gone) > 300


def test_a_series_of_one_slice_and_slices_alone_are_seen(drawn):
    image, _ = drawn([SliceReading(0, (0.2, 0.8))])
    assert class_colour(0).name() in {
        image.pixelColor(x, y).name() for x in range(100, 160) for y in range(60, 400)
    }

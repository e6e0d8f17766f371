import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from btgui.views.report.sheet import Sheet


@pytest.fixture
def sheet(qapp):
    """A white sheet of 100 by 50 mm, ten pixels a millimetre."""
    image = QImage(1000, 500, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(10_000)
    image.setDotsPerMeterY(10_000)
    image.fill(QColor("white"))
    painter = QPainter(image)
    yield Sheet(painter, 1.0, draws=True)
    painter.end()


def drawn(sheet) -> QRectF:
    """Return the bounding box of everything that was drawn, in pixels."""
    image = sheet.painter.device()
    white = QColor("white").rgb()
    spots = [(x, y) for x in range(1000) for y in range(500) if image.pixel(x, y) != white]
    across, down = zip(*spots, strict=True)
    return QRectF(QPointF(min(across), min(down)), QPointF(max(across), max(down)))


def test_distances_are_in_millimetres(sheet):
    assert (round(sheet.width), round(sheet.height)) == (100, 50)
    sheet.fill(10, 20, 30, 5, QColor("black"))
    assert drawn(sheet) == QRectF(100, 200, 299, 49)


def test_a_word_without_end_stays_in_its_width(sheet):
    high = sheet.text(10, 5, 30, "x" * 60, 9)
    assert high > 2 * sheet.text(10, 5, 30, "x", 9)
    assert QRectF(100, 50, 300, 10 * high).contains(drawn(sheet))


def test_a_measured_sheet_stays_white_and_its_parts_are_as_high(sheet):
    measured = Sheet(sheet.painter, 1.0, draws=False)
    words = "some words that need more lines than one"
    high = measured.text(0, 0, 20, words)
    measured.fill(0, 0, 5, 5, QColor("black"))
    measured.mark(QPointF(50, 50), "12 mm", QRectF(0, 0, 300, 300))
    image = sheet.painter.device()
    assert image.pixel(10, 10) == QColor("white").rgb()
    assert high == sheet.text(0, 0, 20, words)


@pytest.mark.parametrize("corner", [(0, 0), (300, 0), (0, 200), (300, 200)])
def test_a_mark_stays_within_its_picture(sheet, corner):
    within = QRectF(100, 100, 300, 200)
    at = QPointF(*corner) + within.topLeft()
    sheet.mark(at, "12.5 mm", within, away_from=within.center())
    assert within.contains(drawn(sheet))

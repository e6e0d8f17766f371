import pytest
from PySide6.QtCore import QLocale, Qt

from btgui.app import create_application
from btgui.views.widgets.decimal_box import DecimalBox


@pytest.fixture
def german():
    """A system where a comma parts decimals and a point thousands."""
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def box(qtbot, german):
    box = DecimalBox()
    qtbot.addWidget(box)
    box.setRange(0, 5000)
    box.setDecimals(4)
    box.show()
    return box


@pytest.mark.parametrize(
    ("typed", "value"), [("0.5", 0.5), ("0,5", 0.5), ("0,0003", 0.0003), ("1234.5", 1234.5)]
)
def test_a_point_and_a_comma_part_decimals_alike(box, qtbot, typed, value):
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == value
    assert "," not in box.text()


def test_the_application_writes_numbers_alike_on_every_system(german, qapp):
    create_application(["btgui"])
    assert QLocale().toString(1234.5, "f", 1) == "1234.5"
    assert QLocale().toInt("1.234")[1] is False  # which German reads as a thousand and more

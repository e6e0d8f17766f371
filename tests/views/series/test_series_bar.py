import pytest
from PySide6.QtCore import Qt

from btgui.views.series.series_bar import SeriesBar
from tests.views.conftest import heard


def test_what_is_remarkable_stands_under_the_slider_only_where_there_is_something(qtbot):
    bar = SeriesBar()
    qtbot.addWidget(bar)
    bar.open(5, 2, ["Gaps: 1.", "Slices may be missing."])
    assert bar.findings.text() == "Gaps: 1. Slices may be missing."
    assert bar.findings.isVisible()
    bar.open(5, 2)
    assert bar.findings.isHidden()


def test_the_place_and_what_is_remarkable_are_heard(qtbot):
    bar = SeriesBar()
    qtbot.addWidget(bar)
    bar.open(5, 2, ["Slices may be missing."])
    bar.set_place("slice 3 of 5")
    assert heard(bar.place)[0] == "Position in the series: slice 3 of 5"
    assert heard(bar.findings)[0] == "Findings on the series: Slices may be missing."


@pytest.mark.parametrize(
    ("key", "by"),
    [
        (Qt.Key.Key_Left, -1),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Up, -1),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageUp, -2),
        (Qt.Key.Key_PageDown, 2),
    ],
)
def test_keys_move_the_handle_sideways_and_up_to_earlier_slices(qtbot, key, by):
    bar = SeriesBar()
    qtbot.addWidget(bar)
    bar.open(20, 10)
    qtbot.keyClick(bar.slider, key)
    assert bar.slider.value() == 10 + by

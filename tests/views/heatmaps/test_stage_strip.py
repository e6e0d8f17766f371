import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from btgui.views.actions import ACTIONS, add_actions, set_keys
from btgui.views.heatmaps.stage_strip import StageStrip
from btgui.views.widgets.picture_place import Place


@pytest.fixture
def strip(qtbot):
    strip = StageStrip()
    qtbot.addWidget(strip)
    strip.resize(800, 150)
    strip.show()
    return strip


def pictures(*remarks: str):
    return [
        (f"Stage {n}" if n else "Original", np.full((8, 8), n, np.uint8), remark)
        for n, remark in enumerate(remarks)
    ]


def test_every_picture_is_shown_with_its_caption(strip):
    strip.show_pictures(pictures("", "", ""), chosen=0)
    assert [caption.text() for caption in strip.captions] == ["Original", "Stage 1", "Stage 2"]
    assert all(picture.isVisible() and picture.has_picture() for picture in strip.pictures)


def test_the_chosen_stage_is_told_by_more_than_a_colour(strip):
    strip.show_pictures(pictures("", "", ""), chosen=1)
    assert [caption.font().bold() for caption in strip.captions] == [False, True, False]


def test_a_stage_without_evidence_says_so_and_takes_no_more_width(strip):
    strip.show_pictures(pictures("", ""), chosen=0)
    width = strip.minimumSizeHint().width()
    strip.show_pictures(pictures("", "No evidence for glioma at this stage"), chosen=0)
    assert strip.captions[1].text() == "1: none"
    assert strip.pictures[1].accessibleName() == "Stage 1, none"
    assert strip.minimumSizeHint().width() <= width
    assert strip.pictures[1].toolTip() == "No evidence for glioma at this stage"


def test_a_click_tells_which_stage(strip, qtbot):
    strip.show_pictures(pictures("", "", ""), chosen=0)
    with qtbot.waitSignal(strip.stage_chosen) as chosen:
        qtbot.mouseClick(strip.pictures[2], Qt.MouseButton.LeftButton)
    assert chosen.args == [2]


def test_a_stage_that_comes_later_shows_the_same_part_as_those_that_are_there(strip):
    half = np.repeat([[255] * 4 + [0] * 4], 8, axis=0).astype(np.uint8)
    strip.show_pictures([("Original", half, "")], chosen=0)
    strip.show_part(Place(0.25, 0.5, 8.0))
    strip.show_pictures([("Original", half, ""), ("Stage 1", half, "")], chosen=0)
    for picture in strip.pictures:
        right = picture.grab().toImage().pixelColor(picture.width() - 2, picture.height() // 2)
        assert right.red() == 255


def test_fewer_pictures_hide_the_rest_and_none_hides_all(strip):
    strip.show_pictures(pictures("", "", ""), chosen=0)
    strip.show_pictures(pictures("", ""), chosen=1)
    assert [picture.isVisible() for picture in strip.pictures] == [True, True, False]
    strip.clear()
    assert not any(picture.isVisible() for picture in strip.pictures)


def test_the_least_height_is_the_same_with_pictures_and_without(strip):
    empty = strip.minimumSizeHint().height(), strip.sizeHint().height()
    strip.show_pictures(pictures("", "", ""), chosen=0)
    assert (strip.minimumSizeHint().height(), strip.sizeHint().height()) == empty
    assert strip.layout().minimumSize().height() <= empty[0]


def test_the_keys_in_a_tooltip_are_those_in_use(qtbot):
    window, strip = QMainWindow(), StageStrip()
    qtbot.addWidget(window)
    window.setCentralWidget(strip)
    add_actions(window, {text.name: lambda: None for text in ACTIONS})
    set_keys(window, {"stage_1": "Shift+J"})
    strip.show_pictures(pictures("", "", ""), chosen=0)
    assert strip.pictures[1].toolTip() == "Stage 1 (Shift+J)."
    assert strip.pictures[2].toolTip() == "Stage 2 (2)."
    set_keys(window, {"stage_2": ""})
    assert strip.pictures[1].toolTip() == "Stage 1 (1)."
    assert strip.pictures[2].toolTip() == "Stage 2"


def test_a_stage_named_like_markup_is_shown_as_it_is_written(strip):
    strip.show_pictures([("<b>One</b>", np.zeros((8, 8), np.uint8), "")], chosen=0)
    assert "&lt;b&gt;One" in strip.pictures[0].toolTip()

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from btgui.views.scan_view.measuring_tool import ANGLE, RULER


def texts(view) -> list[str]:
    return [one.text(view.scan.spacing_mm) for one in view.measuring.measurements]


def value(text: str) -> float:
    return float(text.split(maxsplit=1)[0].removesuffix("°"))


def test_a_drag_measures_in_millimetres(view, drag, at):
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    (text,) = texts(view)
    assert text.endswith(" mm")
    assert value(text) == pytest.approx(40, abs=0.5)  # 80 pixels of 0.5 mm
    drag(at(64, 30), at(64, 90))
    assert value(texts(view)[1]) == pytest.approx(30, abs=0.5)


def test_without_spacing_it_says_pixels(view, drag, at, slice_scan):
    view.show_scan(replace(slice_scan, spacing_mm=None))
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    (text,) = texts(view)
    assert text.endswith(" pixels")
    assert value(text) == pytest.approx(80, abs=1)


def test_a_length_is_the_same_however_the_picture_lies(view, drag, at, slice_scan):
    view.show_scan(replace(slice_scan, spacing_mm=(1.0, 0.5)))
    view.use_tool(RULER)
    drag(at(30, 64), at(90, 64))
    across = texts(view)
    view.set_turn(view.turn.rotated().flipped_across())
    assert texts(view) == across
    drag(at(64, 30), at(64, 90))
    assert value(texts(view)[1]) == pytest.approx(60, abs=1)


def test_three_clicks_measure_an_angle(view, click, at):
    view.use_tool(ANGLE)
    for place in ((30, 64), (64, 64), (64, 100)):
        click(at(*place))
    (text,) = texts(view)
    assert value(text) == pytest.approx(90, abs=1.5)
    assert view.measuring.draft == []


def test_a_click_on_a_mark_of_the_crop_is_the_tools(view, click, at, analysis):
    view.show_outline(analysis.preprocessed.outline)
    view.use_tool(ANGLE)
    column, row = analysis.preprocessed.outline.extreme_points[0]
    click(at(column + 0.5, row + 0.5))
    assert len(view.measuring.draft) == 1


def test_the_window_stays_while_measuring_and_a_double_click_does_not_reset(
    view, qtbot, canvas, drag, at
):
    window = view.greys.window
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    assert view.greys.window == window
    view.use_preset("narrow")
    view.use_tool(ANGLE)
    narrow = view.greys.window
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at(30, 30))
    assert view.greys.window == narrow


def test_an_end_or_the_whole_is_moved_by_dragging_with_any_tool(view, drag, at):
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    view.use_tool("")
    window = view.greys.window
    drag(at(100, 64), at(60, 64))
    assert value(texts(view)[0]) == pytest.approx(20, abs=0.8)
    before = view.measuring.measurements[0].points
    drag(at(40, 64), at(40, 100))
    after = view.measuring.measurements[0].points
    assert after[0][1] - before[0][1] == pytest.approx(36, abs=1)
    assert value(texts(view)[0]) == pytest.approx(20, abs=0.8)
    assert view.greys.window == window


def test_a_click_chooses_and_the_chosen_one_is_deleted(view, drag, click, at, qtbot):
    view.use_tool(RULER)
    drag(at(20, 40), at(100, 40))
    drag(at(20, 90), at(60, 90))
    view.use_tool("")
    click(at(50, 40))
    with qtbot.waitSignal(view.measuring.changed):  # it is drawn anew
        assert view.measuring.delete_selected()
    assert value(texts(view)[0]) == pytest.approx(20, abs=0.8)
    assert not view.measuring.delete_selected()  # none is chosen now
    view.measuring.selected = 0
    click(at(110, 110))
    assert view.measuring.selected is None


def test_a_slip_of_the_hand_leaves_no_ruler(view, drag, at):
    view.use_tool(RULER)
    drag(at(20, 64), at(20, 64) + QPoint(1, 1))
    assert texts(view) == []
    assert not view.measuring.bring_back()


def test_a_measurement_that_is_short_on_the_screen_outlives_being_dragged(view, drag, at):
    view.use_tool(RULER)
    view.zoom(16)
    drag(at(64, 64), at(65.2, 64))
    view.reset_view()
    before = texts(view)
    drag(at(65.2, 64), at(65.2, 64) - QPoint(6, 0))  # about as far beyond its other end
    assert len(texts(view)) == 1
    assert texts(view) != before


def test_a_half_drawn_angle_follows_the_cursor_and_can_be_given_up(view, click, qtbot, canvas, at):
    view.use_tool(ANGLE)
    click(at(30, 64))
    qtbot.mouseMove(canvas, at(64, 64))
    QApplication.processEvents()
    assert len(view.measuring.draft) == 2
    assert view.measuring.delete_selected()
    assert view.measuring.draft == []
    click(at(30, 64))
    view.use_tool(RULER)
    assert view.measuring.draft == []


def test_what_was_deleted_is_brought_back_where_it_was_measured(
    view, drag, at, slice_scan, another
):
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    drag(at(20, 90), at(60, 90))
    drawn = list(view.measuring.measurements)
    assert view.measuring.delete_selected()
    view.show_scan(another)
    assert not view.measuring.bring_back()  # it was measured elsewhere
    view.show_scan(slice_scan)
    assert view.measuring.bring_back()
    assert view.measuring.measurements == drawn
    assert view.measuring.selected == 1
    assert not view.measuring.bring_back()


def test_another_scan_has_no_measurements_but_each_keeps_its_own(
    view, drag, at, slice_scan, another
):
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    view.zoom(2)
    view.show_scan(replace(slice_scan))  # as after the choice of another model
    assert len(texts(view)) == 1
    assert view.place().zoom == pytest.approx(2)
    view.show_scan(replace(another, frame=0), keep_display=True)
    assert texts(view) == []
    assert view.place().zoom == pytest.approx(2)
    view.show_scan(slice_scan)
    assert view.place().zoom == pytest.approx(1)
    assert len(texts(view)) == 1  # one step too far and back loses nothing


def test_measurements_are_drawn(view, drag, at):
    view.set_text_visible(False)
    before = view._graphics.grab().toImage()
    view.use_tool(RULER)
    drag(at(20, 64), at(100, 64))
    assert view._graphics.grab().toImage() != before


def test_a_tool_has_a_cross_and_help_stays_out_of_its_way(view, canvas):
    assert "Drag" in view._graphics.toolTip()
    view.use_tool(ANGLE)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    assert view._graphics.toolTip() == ""
    view.use_tool("")
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert "Drag" in view._graphics.toolTip()

import re
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QPushButton,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.greys import Greys
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan import Window
from btgui.engine.scan_source import read_scan
from btgui.views.scan_view import ScanView
from btgui.views.widgets.picture_place import Place
from tests.views.conftest import send_wheel


@pytest.fixture
def slice_scan(analysis):
    return analysis.scan


def visible_width(view) -> float:
    return view._box.viewRect().width()


def drag(qtbot, canvas, start: QPoint, by: QPoint, button=Qt.MouseButton.LeftButton):
    key = Qt.KeyboardModifier.NoModifier
    qtbot.mousePress(canvas, button, key, start)
    for step in (by / 2, by):
        qtbot.mouseMove(canvas, start + step)
    qtbot.mouseRelease(canvas, button, key, start + by)


def test_the_whole_scan_is_seen_at_first(view, analysis):
    seen, (height, width) = view._box.viewRect(), analysis.scan.shape
    assert seen.left() <= 0
    assert seen.right() >= width
    assert seen.top() <= 0
    assert seen.bottom() >= height


def test_dragging_changes_the_window_and_a_double_click_resets_it(view, canvas, qtbot):
    first = view.greys.window
    drag(qtbot, canvas, QPoint(100, 100), QPoint(60, 0))
    assert view.greys.window.width > first.width
    assert view.greys.window.centre == pytest.approx(first.centre)
    drag(qtbot, canvas, QPoint(200, 200), QPoint(0, 60))
    assert view.greys.window.centre > first.centre
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    assert view.greys.window == first


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
def test_two_clicks_of_another_button_reset_nothing(view, canvas, qtbot, button):
    view.zoom(2)
    qtbot.mouseDClick(canvas, button, pos=canvas.rect().center())
    assert view.place().zoom == pytest.approx(2)


def test_the_wheel_zooms_and_reset_shows_all_again(view, canvas):
    before = visible_width(view)
    send_wheel(canvas, 2)
    assert visible_width(view) < before
    view.reset_view()
    assert visible_width(view) == pytest.approx(before)


@pytest.mark.parametrize("by", [-1, 1])
def test_the_wheel_ends_at_a_limit_and_stays_there(view, canvas, by):
    corner = QPoint(60, 60)
    for _ in range(40):
        send_wheel(canvas, by, at=corner)
    there = view.place()
    assert there.zoom == pytest.approx(0.2 if by < 0 else 64)
    send_wheel(canvas, by, at=corner)
    again = view.place()
    assert (again.x, again.y, again.zoom) == pytest.approx((there.x, there.y, there.zoom))


@pytest.mark.parametrize("factor", [0.8, 1.25])
def test_keys_zoom_no_further_than_a_limit(view, factor):
    for _ in range(2000):
        view.zoom(factor)
    assert view.place().zoom == pytest.approx(0.2 if factor < 1 else 64)
    view.reset_view()
    assert view.place().zoom == pytest.approx(1)


def test_the_scan_cannot_be_moved_out_of_view(view, canvas, qtbot):
    button = Qt.MouseButton.MiddleButton
    for _ in range(5):
        drag(qtbot, canvas, QPoint(20, 20), QPoint(350, 350), button)
    place = view.place()
    assert 0 <= place.x < 0.5
    assert 0 <= place.y < 0.5


def test_zooming_by_key_halves_what_is_seen(view):
    before = visible_width(view)
    view.zoom(2.0)
    assert visible_width(view) == pytest.approx(before / 2)


def test_the_crop_is_marked_and_can_be_hidden(view, analysis):
    view.show_outline(analysis.preprocessed.outline)
    box = analysis.preprocessed.outline.box
    x, y = view._crop.getData()
    assert (min(x), max(x), min(y), max(y)) == (box.left, box.right, box.top, box.bottom)
    assert view.outline_visible()
    view.set_outline_visible(False)
    assert not view.outline_visible()


def test_it_states_the_size_and_over_the_scan_the_window(view, analysis):
    height, width = analysis.scan.shape
    assert view._note.text().strip() == f"{width} x {height}"
    assert "W 255  C 128" in view.corners.bottom_left


def test_the_value_under_the_cursor_is_told(view, canvas, qtbot, analysis):
    qtbot.mouseMove(canvas, canvas.rect().center() - QPoint(4, 4))
    qtbot.mouseMove(canvas, canvas.rect().center())
    column, row, value = map(int, re.search(r"\((\d+), (\d+)\): (\d+)", view._note.text()).groups())
    assert abs(column - 64) <= 2
    assert abs(row - 64) <= 2
    assert value == analysis.scan.values[row, column]


def test_under_a_resting_cursor_the_value_is_that_of_the_scan_that_comes(
    view, canvas, qtbot, analysis
):
    qtbot.mouseMove(canvas, canvas.rect().center() - QPoint(4, 4))
    qtbot.mouseMove(canvas, canvas.rect().center())
    other = replace(analysis.scan, sha256="next", values=np.full((128, 128), 7.0, np.float32))
    view.show_scan(other, keep_display=True)
    assert view._note.text().endswith("): 7")
    view.invert()
    assert view._note.text().endswith("): 7")
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert ":" not in view._note.text()


def test_a_sixteen_bit_scan_is_shown_at_its_full_depth(qtbot, tmp_path):
    from PIL import Image

    values = (np.arange(64 * 64).reshape(64, 64) * 16).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    view = ScanView()
    qtbot.addWidget(view)
    view.show_scan(read_scan(tmp_path / "deep.png"))
    # A part of the values that 8 bits would not tell apart.
    view._set_greys(view.greys.through(Window(1000.0, 800.0)))
    assert view._image.image.max() == values.max()


def test_clearing_leaves_nothing(view):
    view.clear()
    assert view._image.image is None
    assert view._note.text() == ""
    view.reset_view()  # nothing to reset, and no harm


@pytest.mark.parametrize("kept", [True, False])
def test_a_slice_after_one_that_cannot_be_read_is_shown_as_that_before(view, slice_scan, kept):
    after = replace(slice_scan, sha256="after")
    view.invert()
    view.set_turn(view.turn.rotated())
    view.set_contrast(Contrast(0.2, 2.0))
    view.set_place(Place(0.3, 0.4, 3.0))
    before = view.greys, view.turn, shown_part(view)
    view.clear(keep_display=kept)
    view.clear(keep_display=kept)  # two such slices
    view.show_scan(after, keep_display=True)
    assert ((view.greys, view.turn, shown_part(view)) == before) is kept
    view.clear(keep_display=kept)
    view.reset_view()
    view.show_scan(after, keep_display=True)
    assert (view.greys, view.turn) == (Greys.of(after), PictureTurn())
    assert shown_part(view) == (0.5, 0.5, 1.0)


def shown_part(view) -> tuple[float, ...]:
    place = view.place()
    return tuple(round(value, 3) for value in (place.x, place.y, place.zoom))


def test_tab_comes_to_a_widget_on_top_before_the_scan(qtbot):
    window, view = QWidget(), ScanView()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    for part in (QPushButton("before"), view, QPushButton("after")):
        layout.addWidget(part)
    tools = QToolBar()
    names = ["first", "second"]
    for name in names:
        button = QToolButton()
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tools.addWidget(button)
    view.put_on_top(tools)
    order, part = [], window
    while (part := part.nextInFocusChain()) is not window:
        if isinstance(part, QPushButton | QToolButton | pg.GraphicsView) and part.isEnabled():
            order.append(getattr(part, "text", lambda: "scan")() or part.objectName())
    assert order[:5] == ["before", *names, "scan", "after"]

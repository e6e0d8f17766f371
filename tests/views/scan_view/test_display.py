"""Display settings: window presets, inverting, rotating, mirroring, hiding text, the lens."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.engine.scan import Window
from btgui.views.theme import ACCENT
from btgui.views.widgets.picture_place import Place


def shown_at(view, canvas, point: QPoint) -> int:
    """Return the grey level (0 to 255) on the screen at a point."""
    QApplication.processEvents()
    return QColor(canvas.grab().toImage().pixel(point)).red()


def test_a_preset_sets_the_window_and_an_unknown_one_changes_nothing(view, slice_scan):
    view.use_preset("full")
    low, high = slice_scan.values.min(), slice_scan.values.max()
    assert view.greys.window == Window((low + high) / 2, high - low)
    view.use_preset("file_2")  # this scan has no second window
    assert view.greys.window == Window((low + high) / 2, high - low)
    view.use_preset("file")
    assert view.greys.window == Window(127.5, 255.0)


def test_inverting_exchanges_black_and_white_and_a_new_scan_is_not_inverted(
    view, canvas, at, another
):
    corner = at(3, 64)
    view.set_text_visible(False)
    assert shown_at(view, canvas, corner) == 0
    view.invert()
    assert shown_at(view, canvas, corner) == 255
    assert "inverted" in view.corners.bottom_left
    view.show_scan(another)
    assert not view.greys.inverted


@pytest.mark.parametrize(("value", "high_is_dark"), [(9000, False), (-9000, True)])
def test_padding_is_dark_under_every_window(view, canvas, at, another, value, high_is_dark):
    values = another.values.copy()
    values[:8] = value
    view.show_scan(replace(another, values=values, padding=(value, value), inverted=high_is_dark))
    view.set_text_visible(False)
    for preset in ("automatic", "full", "narrow"):
        view.use_preset(preset)
        assert shown_at(view, canvas, at(64, 3)) == 0
    view.invert()
    assert shown_at(view, canvas, at(64, 3)) == 255


def test_the_picture_the_crop_and_the_letters_turn_together(view, canvas, at, analysis):
    view.set_text_visible(False)
    view.show_outline(analysis.preprocessed.outline)
    view.set_outline_visible(False)
    bright = np.unravel_index(analysis.scan.values.argmax(), analysis.scan.shape)
    before = at(bright[1] + 0.5, bright[0] + 0.5)
    grey = shown_at(view, canvas, before)
    view.set_turn(view.turn.rotated())
    after = at(bright[1] + 0.5, bright[0] + 0.5)
    assert after != before
    assert shown_at(view, canvas, after) == pytest.approx(grey, abs=30)  # between two pixels
    edges = view.corners.edges
    assert (edges.left, edges.top, edges.right, edges.bottom) == ("P", "R", "A", "L")
    assert "rotated 90°" in view.corners.bottom_left
    view.reset_view()
    assert view.turn == PictureTurn()
    assert at(bright[1] + 0.5, bright[0] + 0.5) == before


def test_a_flip_exchanges_left_and_right_on_the_screen(view, at):
    assert at(10, 64).x() < at(118, 64).x()
    view.set_turn(view.turn.flipped_across())
    assert at(10, 64).x() > at(118, 64).x()
    assert at(10, 64).y() == at(118, 64).y()
    assert (view.corners.edges.left, view.corners.edges.right) == ("L", "R")


def test_who_looks_at_a_part_sees_it_on_when_the_scan_is_turned(view, at, canvas):
    view.set_place(Place(0.2, 0.6, 4.0))
    middle = at(0.2 * 128, 0.6 * 128)
    for turn in (view.turn.flipped_across(), view.turn.rotated(), view.turn.flipped_down()):
        view.set_turn(turn)
        there = at(0.2 * 128, 0.6 * 128)
        assert (there - middle).manhattanLength() <= 2
        assert view.place().zoom == pytest.approx(4)


@pytest.mark.parametrize(
    "size",
    [{"spacing_mm": (1.0, 0.5)}, {"spacing_mm": None, "pixel_aspect": (2.0, 1.0)}],
    ids=["spacing", "proportion alone"],
)
def test_pixels_are_drawn_in_their_true_proportions(view, slice_scan, size):
    view.show_scan(replace(slice_scan, **size))
    whole = view.picture.seen_rect()
    assert whole.height() == pytest.approx(2 * whole.width())


def test_no_row_of_a_scan_that_is_larger_than_its_place_is_lost(view, canvas, at, slice_scan):
    view.set_text_visible(False)
    side = 512  # in about 370 pixels of the screen
    for row in range(200, 220):
        values = np.zeros((side, side), np.float32)
        values[row] = 255
        scan = replace(slice_scan, values=values, grey=values.astype(np.uint8))
        view.show_scan(replace(scan, sha256=str(row)))
        seen = at(256, row)
        assert max(shown_at(view, canvas, seen + QPoint(0, by)) for by in (-1, 0, 1)) > 60


def test_patient_s_lines_and_all_text_can_be_hidden(view, another):
    assert view.corners.top_left == ("DOE, JANE", "ID 0042")
    with_all = view.grab().toImage()
    view.set_patient_visible(False)
    without_names = view.grab().toImage()
    assert view.corners.top_left == ()
    assert without_names != with_all
    view.show_scan(another)  # they stay away on the next scan
    assert view.corners.top_left == ()
    view.set_text_visible(False)
    assert view.grab().toImage() != without_names


def test_the_lens_follows_the_cursor_and_leaves_with_it(view, canvas, qtbot):
    view.set_text_visible(False)
    plain = canvas.parent().grab().toImage()
    view.set_magnifies(True)
    qtbot.mouseMove(canvas, QPoint(190, 180))
    qtbot.mouseMove(canvas, QPoint(200, 180))
    assert canvas.parent().grab().toImage() != plain
    assert view._layer.lens_at == QPointF(200, 180)
    view.set_magnifies(False)
    assert view._layer.lens_at is None


def test_the_lens_shows_two_and_a_half_times_as_large(view, canvas, qtbot, at, slice_scan):
    """A single bright pixel under the cursor becomes as wide as the magnification says."""
    values = np.zeros(slice_scan.shape, np.float32)
    values[64, 64] = 255
    view.show_scan(replace(slice_scan, values=values, grey=values.astype(np.uint8)))
    view.set_text_visible(False)
    centre = at(64.5, 64.5)

    def bright() -> int:
        image = view._graphics.grab().toImage()
        return sum(QColor(image.pixel(x, centre.y())).red() > 200 for x in range(image.width()))

    before = bright()
    assert before
    view.set_magnifies(True)
    qtbot.mouseMove(canvas, centre - QPoint(5, 5))
    qtbot.mouseMove(canvas, centre)
    assert bright() == pytest.approx(2.5 * before, abs=2)


def test_the_lens_shows_what_was_measured_where_it_is_in_the_scan(view, canvas, qtbot, at):
    view.set_text_visible(False)
    view.measuring.measurements = [Measurement(((20, 64), (108, 64)))]
    line = at(64, 64)

    def yellow(below: int) -> bool:
        image = view._graphics.grab().toImage()
        near = (QColor(image.pixel(line + QPoint(0, below + by))) for by in (-2, -1, 0, 1, 2))
        return any(colour.red() - colour.blue() > 50 for colour in near)

    assert yellow(0)
    view.set_magnifies(True)
    for below in (15, 20):
        qtbot.mouseMove(canvas, line + QPoint(0, below))
    assert not yellow(0)
    assert yellow(20 - 50)


def test_a_place_is_told_and_can_be_gone_to(view):
    first = view.place()
    assert (first.x, first.y, first.zoom) == pytest.approx((0.5, 0.5, 1))
    view.zoom(2)
    zoomed = view.place()
    assert zoomed.zoom == pytest.approx(2)
    view.set_place(Place(0.25, 0.75, 4))
    there = view.place()
    assert (there.x, there.y, there.zoom) == pytest.approx((0.25, 0.75, 4))


@pytest.mark.parametrize("place", [Place(), Place(0.3, 0.6, 3)])
def test_another_size_of_the_window_shows_the_same_place(view, place):
    view.set_place(place)
    for size in ((700, 300), (300, 700), (400, 400)):
        view.resize(*size)
        QApplication.processEvents()
        there = view.place()
        assert (there.x, there.y, there.zoom) == pytest.approx((place.x, place.y, place.zoom))


def test_at_a_hundred_percent_a_pixel_is_one_of_the_screen_s_own(view, monkeypatch):
    view.set_place(replace(view.place(), zoom=1 / view._camera.scale()))
    assert "100%" in view.corners.bottom_left
    monkeypatch.setattr(view._graphics, "devicePixelRatioF", lambda: 2.0)
    view.zoom(2)
    assert "400%" in view.corners.bottom_left


def test_the_next_slice_can_keep_place_contrast_and_turn(view, slice_scan, another):
    view.set_turn(view.turn.rotated())
    view.invert()
    view.set_place(Place(0.25, 0.75, 4))
    view._set_greys(view.greys.through(Window(127.5, 51.0)))
    view.show_scan(replace(another, window=Window(1000.0, 500.0)), keep_display=True)
    there = view.place()
    assert (there.x, there.y, there.zoom) == pytest.approx((0.25, 0.75, 4))
    assert view.greys.window == Window(1000.0, pytest.approx(100.0))
    assert (view.turn.quarters, view.greys.inverted) == (1, True)
    view.show_scan(slice_scan)
    assert (view.turn.quarters, view.greys.inverted, view.place().zoom) == (
        0,
        False,
        pytest.approx(1),
    )


def test_without_a_scan_nothing_is_offered_and_nothing_breaks(view):
    view.clear()
    view.use_preset("full")
    view.invert()
    view.set_turn(view.turn.rotated())
    view.set_place(Place(zoom=2))
    assert view.presets() == ()
    assert view.corners.edges is None
    assert view.corners.top_left == ()


def test_what_is_seen_is_copied_with_measurements_but_without_the_patient(view):
    view.canvas.clearFocus()
    view.set_patient_visible(False)
    bare = view.picture_as_seen()
    assert bare == view._graphics.grab().toImage()
    view.set_patient_visible(True)
    shown = view.corners
    assert view.picture_as_seen() == bare
    assert view.corners == shown  # still on the screen
    assert view._graphics.grab().toImage() != bare
    view.measuring.measurements.append(Measurement(((20, 64), (100, 64))))
    assert view.picture_as_seen() != bare


def test_a_frame_shows_that_the_scan_has_the_keys_and_is_not_copied(view, qtbot):
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.canvas.clearFocus()
    without, copied = view.canvas.grab().toImage(), view.picture_as_seen()
    view.setFocus()
    assert view.canvas.grab().toImage().pixelColor(100, 0) == ACCENT
    assert without.pixelColor(100, 0) != ACCENT
    assert view.picture_as_seen() == copied
    view.canvas.clearFocus()
    assert view.canvas.grab().toImage() == without
